import Glibc

/// The size of files, for progress.
enum FileSize {
    /// Octets of a regular file; nil for a pipe, and for what is not there.
    static func octets(_ path: String) -> UInt64? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return UInt64(status.st_size)
    }
}
