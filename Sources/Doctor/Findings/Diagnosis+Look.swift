import LinuxNet

/// Findings on the look itself: from where it is taken, and what it may see.
extension Diagnosis {
    var hostNamespace: Finding {
        let id = FindingID.hostNamespace
        if facts.context.namespace != nil, facts.isHostNamespace.value != true {
            return Finding(id, .pass, read: "a network namespace that was asked for, not that of the machine")
        }
        switch facts.isHostNamespace {
        case .unreadable(let reason): return skip(id, reason)
        case .value(true): return Finding(id, .pass, read: "the network namespace of the machine's first process")
        case .value(false):
            return Finding(id, .fail, read: "another network namespace than that of the machine's first process")
        }
    }

    /// What each capability is wanted for.
    private static let uses: [(Capability, String)] = [
        (.netAdmin, "packet filter rules"), (.netRaw, "legacy rules and IPVS timeouts"),
        (.sysPtrace, "processes of others"), (.dacOverride, "tables that root alone may read"),
    ]

    var lookPrivileges: Finding {
        let id = FindingID.lookPrivileges
        guard let look = facts.look else { return skip(id, Self.stopped) }
        let seccomp = look.seccomp.map { $0 == 0 ? "; no seccomp" : "; seccomp mode \($0)" } ?? ""
        let missing = Self.uses.filter { !look.capabilities.contains($0.0) }
        guard !missing.isEmpty else {
            return Finding(id, .pass, read: Self.uses.map(\.0.name).joined(separator: ", ") + seccomp)
        }
        let texts = missing.map { "\($0.0.name) for \($0.1)" }
        return Finding(id, .inconclusive, read: "missing: " + texts.joined(separator: "; ") + seccomp)
    }
}
