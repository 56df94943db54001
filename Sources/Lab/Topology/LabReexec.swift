import Glibc
import LinuxNet

/// Starts the program again inside a namespace of its own, for topology `loopback`.
package enum LabReexec {
    /// Set in the environment of the program that runs inside; its value is the directory for labs' directories,
    /// since inside everybody is root and could not tell it.
    private static let marker = "NLDNS_LAB_LOOPBACK"

    /// The value of the marker.
    static var inheritedParent: String? { getenv(marker).map { String(cString: $0) } }

    /// Whether this process is the one inside: it carries the marker and sees no interface but `lo`.
    package static var isInside: Bool {
        guard getenv(marker) != nil, let first = if_nameindex() else { return false }
        defer { if_freenameindex(first) }
        var entry = first
        while entry.pointee.if_index != 0, let name = entry.pointee.if_name {
            if String(cString: name) != "lo", !isBuiltIn(String(cString: name)) { return false }
            entry += 1
        }
        return true
    }

    /// The command to `exec` so that the program runs inside; `nil` when it already does, or the topology wants none.
    ///
    /// `unshare` replaces itself by the program, so the process id, terminal and signals stay the same.
    package static func commandLine(
        topology: LabTopology,
        executable: String,
        arguments: [String]
    ) throws(LabError) -> [String]? {
        guard topology == .loopback, !isInside else { return nil }
        let unshare = try LabTool.unshare.find()
        let isPrivileged = Privileges.missing([.sysAdmin, .netAdmin]).isEmpty
        let namespaces = [unshare] + (isPrivileged ? ["--net", "--"] : ["--user", "--map-root-user", "--net", "--"])
        guard succeeds(namespaces + ["/bin/true"]) else {
            throw .missingPrivilege(
                capability: Capability.sysAdmin.name,
                purpose: "make a network namespace",
                advice: "run as root, or allow users to make user namespaces (sysctl user.max_user_namespaces, "
                    + "kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns)"
            )
        }
        return namespaces + ["/usr/bin/env", "\(marker)=\(LabDirectory.parent)", executable] + arguments
    }

    private static func succeeds(_ command: [String]) -> Bool {
        let quiet = open("/dev/null", O_WRONLY | O_CLOEXEC)
        defer { close(quiet) }
        guard let child = try? SpawnedProgram.start(command, standardOutput: quiet, inNewSession: false) else {
            return false
        }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return status == 0
    }

    /// Replaces this process by `command`; returns only when that fails.
    package static func replaceProcess(_ command: [String]) -> LabError {
        var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
        words.append(nil)
        execv(command[0], words)
        let reason = String(cString: strerror(errno))
        for word in words { free(word) }
        return .system(operation: "start \(command[0])", reason: reason)
    }

    /// Interfaces that the kernel itself puts into each new namespace when a tunnel module is loaded.
    private static func isBuiltIn(_ name: String) -> Bool {
        ["tunl0", "gre0", "gretap0", "erspan0", "ip_vti0", "ip6_vti0", "sit0", "ip6tnl0", "ip6gre0"].contains(name)
    }
}
