import CLinuxNet
import Glibc
import SystemPackage

/// A privilege of Linux capabilities(7) that the program can need.
package enum Capability: Int, Sendable, Hashable, CaseIterable {
    /// Change owners of files.
    case chown = 0
    /// Pass file permission checks.
    case dacOverride = 1
    /// Signal processes of other users.
    case kill = 5
    /// Change group ids.
    case setGID = 6
    /// Change user ids.
    case setUID = 7
    /// Bind ports below 1024.
    case netBindService = 10
    /// Configure interfaces, addresses, routes and rules.
    case netAdmin = 12
    /// Open packet sockets, which capture needs.
    case netRaw = 13
    /// Inspect processes of other users.
    case sysPtrace = 19
    /// Enter and make namespaces.
    case sysAdmin = 21
    /// Raise priorities and set affinities of others.
    case sysNice = 23

    /// The name in capabilities(7), such as `CAP_NET_RAW`.
    package var name: String {
        switch self {
        case .chown: "CAP_CHOWN"
        case .dacOverride: "CAP_DAC_OVERRIDE"
        case .kill: "CAP_KILL"
        case .setGID: "CAP_SETGID"
        case .setUID: "CAP_SETUID"
        case .netBindService: "CAP_NET_BIND_SERVICE"
        case .netAdmin: "CAP_NET_ADMIN"
        case .netRaw: "CAP_NET_RAW"
        case .sysPtrace: "CAP_SYS_PTRACE"
        case .sysAdmin: "CAP_SYS_ADMIN"
        case .sysNice: "CAP_SYS_NICE"
        }
    }
}

/// Which privileges are held, and how to give them up.
package enum Privileges {
    /// The capabilities in effect for the calling thread.
    package static func effective() -> Set<Capability> {
        var effective: UInt64 = 0
        var permitted: UInt64 = 0
        guard clinuxnet_capabilities(&effective, &permitted) >= 0 else { return [] }
        return Set(Capability.allCases.filter { effective & (1 << UInt64($0.rawValue)) != 0 })
    }

    /// Those of `needed` that are not in effect, in the given order.
    package static func missing(_ needed: [Capability]) -> [Capability] {
        let held = effective()
        return needed.filter { !held.contains($0) }
    }

    /// Whether the process runs with effective user id 0.
    package static var isRoot: Bool { geteuid() == 0 }

    /// Becomes an ordinary user in every thread and forbids regaining privileges; open sockets stay usable.
    ///
    /// When root leaves user id 0 the kernel clears the capabilities of each thread. The default is `nobody`.
    package static func dropRoot(toUser user: UInt32 = 65_534, group: UInt32 = 65_534) throws(NetError) {
        if geteuid() != 0 { return }
        try SystemCall.run("drop root") { clinuxnet_set_identity(user, group) }
        try SystemCall.run("forbid new privileges") { clinuxnet_set_no_new_privileges() }
    }

    /// Reduces the capabilities of the calling thread, and of threads it starts later, to `kept`.
    ///
    /// Capabilities belong to threads: call it before the first thread starts for it to hold process-wide.
    package static func dropCapabilities(keeping kept: Set<Capability>) throws(NetError) {
        var effective: UInt64 = 0
        var permitted: UInt64 = 0
        try SystemCall.run("read capabilities") { clinuxnet_capabilities(&effective, &permitted) }
        let mask = kept.reduce(UInt64(0)) { $0 | 1 << UInt64($1.rawValue) }
        if effective & (1 << 8) != 0 {  // CAP_SETPCAP, without which the bounding set is not ours to change
            try SystemCall.run("drop bounding capabilities") { clinuxnet_drop_bounding(mask) }
        }
        try SystemCall.run("drop capabilities") { clinuxnet_set_capabilities(effective & mask, permitted & mask) }
    }
}

/// Ties this process to its parent.
package enum ParentDeath {
    /// Has the kernel send `signal` (SIGKILL unless given) to this process when its parent's thread ends.
    package static func signalSelf(_ signal: Int32 = SIGKILL) throws(NetError) {
        try SystemCall.run("follow the parent process") { clinuxnet_set_parent_death_signal(signal) }
    }
}
