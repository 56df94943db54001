/// Findings on counters, judged by their change over the window.
extension Diagnosis {
    var socketDrops: Finding {
        let id = FindingID.socketDrops
        guard let after = facts.after else { return skip(id, Self.stopped) }
        if let reason = facts.before.sockets.reason ?? after.sockets.reason { return skip(id, reason) }
        let first = facts.listeners(.udp, in: facts.before)
        let last = facts.listeners(.udp, in: after)
        guard !last.isEmpty else { return skip(id, "the cache has no UDP socket") }
        guard Set(first.map(\.inode)) == Set(last.map(\.inode)) else {
            return Finding(
                id,
                .inconclusive,
                read: "the cache's socket was replaced while we looked",
                meaning: "node-cache restarted or reloaded"
            )
        }
        let total = last.compactMap(\.drops).reduce(0, &+)
        guard last.allSatisfy({ $0.drops != nil }) else { return skip(id, "this kernel shows no drops column") }
        let change = total &- first.compactMap(\.drops).reduce(0, &+)
        let waiting = last.map(\.receiveQueueBytes).max() ?? 0
        let read = "\(change) dropped in the window, \(total) since the socket was made; \(waiting) bytes wait"
        return Finding(id, change == 0 ? .pass : .fail, read: read)
    }

    var udpCounters: Finding {
        let names = ["RcvbufErrors", "MemErrors", "InErrors"]
        let finding = counters(.udpCounters, names.map { ("Udp", $0) } + names.map { ("", "Udp6" + $0) })
        guard let old = facts.before.counters.value?["Udp", "NoPorts"], let after = facts.after,
            let new = after.counters.value?["Udp", "NoPorts"]
        else { return finding }
        // Anyone's stray datagram counts here, so that it accuses nobody.
        return Finding(
            .udpCounters,
            finding.status,
            read: "\(finding.read); NoPorts \(Self.signed(Double(new &- old))) (\(new) since boot)"
        )
    }

    var softnetDrops: Finding {
        let id = FindingID.softnetDrops
        guard let after = facts.after else { return skip(id, Self.stopped) }
        if let reason = facts.before.softnet.reason ?? after.softnet.reason { return skip(id, reason) }
        guard let first = facts.before.softnet.value, let last = after.softnet.value else { return skip(id, "?") }
        let squeezed = last.squeezed &- first.squeezed
        let finding = change(id, [("dropped", Double(first.dropped), Double(last.dropped))])
        let read = "\(finding.read); \(squeezed) times out of time, on \(last.processors) CPUs"
        guard finding.status == .fail, facts.isHostNamespace.value == false else {
            return Finding(id, finding.status, read: read)
        }
        return Finding(
            id,
            .inconclusive,
            read: read,
            meaning: "the counter is the whole machine's, and we look at one network namespace of several"
        )
    }

    var receiveBuffers: Finding {
        let id = FindingID.receiveBuffers
        guard let settings = facts.settings else { return skip(id, Self.stopped) }
        var (texts, status, unread) = ([String](), FindingStatus.pass, [String]())
        for name in ["rmem_default", "rmem_max"] {
            switch settings.settings.number("net/core/" + name) {
            case .unreadable(let reason): unread.append(reason)
            case .value(let octets):
                texts.append("\(name) \(octets)")
                if octets < Self.leastReceiveBuffer { status = .fail }
            }
        }
        // The limits on memory are shown in the machine's own namespace alone.
        if case .value(let limits) = settings.settings.values["net/ipv4/udp_mem"], limits.count == 3,
            let pages = settings.udpPages.value
        {
            texts.append("UDP holds \(pages) pages, pressed from \(limits[1])")
            if pages >= limits[1] { status = .fail }
        }
        if status == .pass, !unread.isEmpty { return skip(id, unread.joined(separator: "; ")) }
        return Finding(id, status, read: texts.joined(separator: "; "))
    }

    /// The kernel's own default for sockets' receive buffers, in octets.
    private static let leastReceiveBuffer = 212_992

    /// Passes when counters stand still; those that are not counted on both sides are left out.
    func change(_ id: FindingID, _ counters: [(name: String, old: Double?, new: Double?)]) -> Finding {
        var (texts, status) = ([String](), FindingStatus.pass)
        for (name, old, new) in counters {
            guard let old, let new else { continue }
            texts.append("\(name) \(Self.signed(new - old)) (\(Self.number(new)) since the start)")
            if new > old { status = .fail }
            if new < old, status == .pass { status = .inconclusive }
        }
        guard !texts.isEmpty else {
            return skip(id, "none of \(counters.map(\.name).joined(separator: ", ")) is counted here")
        }
        return Finding(id, status, read: texts.joined(separator: "; "))
    }

    /// A whole percentage; 0 of nothing, and of what is no number.
    static func percent(_ part: Double, of whole: Double) -> Int {
        let percent = 100 * part / whole
        return percent.isFinite ? Int(max(0, min(percent, 1_000_000))) : 0
    }

    /// `+3`.
    static func signed(_ value: Double) -> String { (value < 0 ? "" : "+") + number(value) }

    /// A whole number without a fraction.
    static func number(_ value: Double) -> String {
        value == value.rounded() && value.magnitude < 1e15 ? String(Int64(value)) : String(value)
    }

    var tcpListenCounters: Finding {
        counters(.tcpListenCounters, [("TcpExt", "ListenOverflows"), ("TcpExt", "ListenDrops")])
    }

    var tcpSynRetransmits: Finding {
        let finding = counters(.tcpSynRetransmits, [("TcpExt", "TCPSynRetrans")])
        guard finding.status == .fail else { return finding }
        // The counter is the whole node's; it accuses DNS only where a connection to a DNS port hangs.
        let hanging = facts.samples.flatMap { $0.rows(.tcp) }.filter { $0.state == .synSent && $0.retransmits > 0 }
        guard let row = hanging.first else {
            return Finding(
                .tcpSynRetransmits,
                .inconclusive,
                read: finding.read + "; none of the connections seen in SYN-SENT leads to a DNS port",
                meaning: "some program of the node opens connections that are not answered; which one was not seen"
            )
        }
        let holder = facts.owner(of: row)?.description ?? "an unseen process"
        return Finding(.tcpSynRetransmits, .fail, read: finding.read + "; \(holder) waits for \(row.remote)")
    }

    var clockStep: Finding {
        guard let after = facts.after else { return skip(.clockStep, Self.stopped) }
        let before = facts.before
        let change = after.clockOffsetNanoseconds - before.clockOffsetNanoseconds
        let uncertainty = after.clockSpreadNanoseconds + before.clockSpreadNanoseconds
        let read = "real time moved \(change / 1_000) µs against monotonic time (± \(uncertainty / 1_000) µs)"
        if uncertainty >= 1_000_000 { return Finding(.clockStep, .inconclusive, read: read) }
        return Finding(.clockStep, change.magnitude < 1_000_000 ? .pass : .fail, read: read)
    }

    /// Passes when counters of the node stand still; those that this kernel lacks are left out.
    func counters(_ id: FindingID, _ names: [(group: String, name: String)]) -> Finding {
        guard let after = facts.after else { return skip(id, Self.stopped) }
        if let reason = facts.before.counters.reason ?? after.counters.reason { return skip(id, reason) }
        guard let first = facts.before.counters.value, let last = after.counters.value else { return skip(id, "?") }
        var texts: [String] = []
        var status = FindingStatus.pass
        for (group, name) in names {
            guard let old = first[group, name], let new = last[group, name] else { continue }
            let change = new &- old
            texts.append("\(name) +\(change) (\(new) since boot)")
            if change > 0 { status = .fail }
            if change < 0, status == .pass { status = .inconclusive }
        }
        guard !texts.isEmpty else {
            return skip(id, "this kernel counts none of \(names.map(\.name).joined(separator: ", "))")
        }
        return Finding(id, status, read: texts.joined(separator: "; "))
    }
}
