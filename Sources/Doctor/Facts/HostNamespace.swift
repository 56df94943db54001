import Glibc

/// Tells whether a network namespace is the machine's own.
enum HostNamespace {
    /// Whether the calling thread is in the network namespace of the machine's first process.
    static func isCurrent(_ roots: NodeRoots) throws(ProcError) -> Bool {
        try identity(roots.proc + "/1/ns/net") == identity(roots.proc + "/thread-self/ns/net")
    }

    /// The device and inode of a namespace file; looking at another user's process takes CAP_SYS_PTRACE.
    static func identity(_ path: String) throws(ProcError) -> [UInt64] {
        var status = stat()
        guard stat(path, &status) == 0 else {
            let code = errno
            throw ProcError(path: path, reason: String(cString: strerror(code)), isMissingFile: code == ENOENT)
        }
        return [UInt64(status.st_dev), UInt64(status.st_ino)]
    }
}
