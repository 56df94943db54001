import LinuxNet

/// The network namespaces that a user can name to send from.
enum ClientNamespace {
    /// Opens the namespace of a process if `text` is a number, else the one of that name under `/run/netns` (ip-netns(8)).
    ///
    /// - Throws: ``Failure`` when there is none, or when it may not be opened.
    static func open(_ text: String) throws -> NetworkNamespace {
        guard !text.contains("/") else {
            throw Failure(
                .usage,
                "\"\(text)\" is no name of a network namespace; give a name of ip netns, or a process id"
            )
        }
        let process = Int32(text)
        do {
            return try process.map { try NetworkNamespace(processID: $0) }
                ?? NetworkNamespace(path: "/run/netns/\(text)")
        } catch let error as NetError {
            if error.isPermissionDenied {
                throw Failure(
                    .noPrivilege,
                    "the network namespace \(text) may not be entered; that needs CAP_SYS_ADMIN and CAP_SYS_PTRACE"
                )
            }
            throw Failure(
                .inputMissing,
                process == nil
                    ? "there is no network namespace named \(text); ip netns list shows those that have a name"
                    : "there is no process \(text) whose network namespace could be entered"
            )
        }
    }
}
