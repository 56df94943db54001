import Glibc

/// Tells whether a network namespace is the machine's own.
enum HostNamespace {
    /// Whether the calling thread is in the network namespace of the machine's first process.
    static func isCurrent(_ roots: NodeRoots) throws(ProcError) -> Bool {
        let isSame =
            try identity(roots.proc + "/1/ns/net") == identity(roots.proc + "/thread-self/ns/net")
        guard isSame, try identity(roots.proc + "/1/ns/pid").last != initialProcesses else { return isSame }
        // A container that does not share the node's processes takes its own first one for the machine's.
        if try identity(roots.proc + "/1/ns/mnt") == identity(roots.proc + "/thread-self/ns/mnt") {
            throw ProcError(
                path: roots.proc + "/1",
                reason: "may be this container's own first process; a pod wants hostPID: true"
            )
        }
        return true
    }

    /// The inode of the first namespace of processes (PROC_PID_INIT_INO, linux/proc_ns.h).
    private static let initialProcesses: UInt64 = 0xEFFF_FFFC

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
