/// Findings on connection tracking.
extension Diagnosis {
    private static let fillLimitPercent = 75

    var conntrackFill: Finding {
        guard let conntrack = facts.conntrack else { return skip(.conntrackFill, Self.stopped) }
        switch (conntrack.count, conntrack.maximum) {
        case (.unreadable(let reason), _), (_, .unreadable(let reason)): return skip(.conntrackFill, reason)
        case (.value(let count), .value(let maximum)):
            guard maximum > 0 else { return skip(.conntrackFill, "nf_conntrack_max is \(maximum): there is no limit") }
            let (scaled, overflow) = count.multipliedReportingOverflow(by: 100)
            let percent = overflow ? Int.max : scaled / maximum
            let read = "\(count) of \(maximum) entries (\(percent) %)"
            return Finding(.conntrackFill, percent < Self.fillLimitPercent ? .pass : .fail, read: read)
        }
    }

    var conntrackCounters: Finding {
        let id = FindingID.conntrackCounters
        guard let after = facts.after else { return skip(id, Self.stopped) }
        if let reason = facts.before.conntrack.reason ?? after.conntrack.reason { return skip(id, reason) }
        guard let first = facts.before.conntrack.value, let last = after.conntrack.value else { return skip(id, "?") }
        return change(
            id,
            ["insert_failed", "drop", "early_drop", "chaintoolong"].map { name in
                (name, first[name].map(Double.init), last[name].map(Double.init))
            }
        )
    }

    var conntrackEntries: Finding {
        let id = FindingID.conntrackEntries
        guard let conntrack = facts.conntrack else { return skip(id, Self.stopped) }
        switch conntrack.table {
        case .unreadable(let reason): return skip(id, reason)
        case .value(let table):
            let read = "\(table.matchingEntries) of \(table.totalEntries) entries lead to \(facts.context.cache)"
            if table.matchingEntries > 0 {
                return Finding(id, .fail, read: read + (table.example.map { ", such as \($0)" } ?? ""))
            }
            guard !facts.cacheUDP.isEmpty || !facts.cacheTCP.isEmpty else {
                return Finding(id, .inconclusive, read: read + "; no query was sent that could have made one")
            }
            return Finding(id, .pass, read: read)
        }
    }
}
