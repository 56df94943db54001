internal import Glibc

/// Tells whether a number is an open socket, because NIO traps on one that is not.
enum StreamDescriptor {
    /// Throws, and closes what is open, unless `descriptor` is a socket.
    static func requireSocket(_ descriptor: Int32) throws(HTTPFetchError) {
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
            throw .failed("descriptor \(descriptor) is not open")
        }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            close(descriptor)
            throw .failed("descriptor \(descriptor) is not a socket")
        }
    }
}
