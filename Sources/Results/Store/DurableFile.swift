import Glibc

/// Whole files, read with a limit and written so that a reader sees the old or the new one, never half of either.
package enum DurableFile {
    /// No result of ours comes near this size.
    package static let maximumBytes = 256 << 20

    /// Reads a whole file.
    package static func read(_ path: String, maximumBytes: Int = maximumBytes) throws(ResultError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw errno == ENOENT ? .missing(path: path) : .unreadable(path: path, reason: reason())
        }
        defer { close(descriptor) }
        var contents: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unreadable(path: path, reason: reason()) }
            guard count > 0 else { return contents }
            contents.append(contentsOf: chunk[..<count])
            guard contents.count <= maximumBytes else {
                throw .damaged(path: path, reason: "it is larger than \(maximumBytes >> 20) MiB")
            }
        }
    }

    /// Replaces a file: temporary file beside it, fsync, rename, fsync of the folder.
    package static func write(_ contents: [UInt8], to path: String) throws(ResultError) {
        let temporary = "\(path).\(getpid()).tmp"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw .cannotCreate(path: path, reason: reason()) }
        do throws(ResultError) {
            defer { close(descriptor) }
            try write(contents, to: descriptor, path: path)
            guard fsync(descriptor) == 0 else { throw .cannotWrite(path: path, reason: reason()) }
        } catch {
            unlink(temporary)
            throw error
        }
        guard rename(temporary, path) == 0 else {
            let why = reason()
            unlink(temporary)
            throw .cannotWrite(path: path, reason: why)
        }
        synchroniseFolder(of: path)
    }

    /// Makes a folder and those above it.
    package static func makeFolder(_ path: String) throws(ResultError) {
        guard mkdir(path, 0o755) != 0, errno != EEXIST else { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw .cannotCreate(path: path, reason: reason())
        }
        try makeFolder(String(path[..<slash]))
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw .cannotCreate(path: path, reason: reason()) }
    }

    private static func write(_ contents: [UInt8], to descriptor: Int32, path: String) throws(ResultError) {
        var written = 0
        while written < contents.count {
            let count = contents.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .cannotWrite(path: path, reason: reason()) }
            written += count
        }
    }

    /// Makes the rename itself durable; a file system that cannot is no reason to fail.
    private static func synchroniseFolder(of path: String) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func reason() -> String {
        String(cString: strerror(errno))
    }
}
