package import Results

/// A capture for a terminal: what was seen, the books of each zone, latencies, connections, faults and proofs.
package enum TerminalCapture {
    private static let latencyNames = [
        ("hit", "answered from the cache"), ("miss", "answered after asking upstream"),
        ("wait", "  of it before asking"), ("handshake", "  a handshake with upstream"),
        ("upstream_udp", "  upstream over UDP"), ("upstream_tcp", "  upstream over TCP"),
        ("after", "  after its answer"),
    ]

    private static let mostFiles = 20

    /// When a capture began, and how long it is.
    package static func span(from start: Timestamp, to end: Timestamp) -> String {
        "\(start), \(Quantity.elapsed(max(0, end.realtimeNanoseconds &- start.realtimeNanoseconds)))"
    }

    /// The capture in words; ends with a newline.
    ///
    /// - Parameters:
    ///   - capture: What was seen.
    ///   - source: Where it was seen, the first line.
    ///   - unicode: Whether signs beyond ASCII can be shown.
    package static func text(_ capture: CaptureRecord, source: String, unicode: Bool = true) -> String {
        let text = DisplayText.withoutCommands(whole(capture, source: source))
        return unicode ? text : DisplayText.ascii(text)
    }

    private static func whole(_ capture: CaptureRecord, source: String) -> String {
        var lines = [
            DisplayText.clean(source)
        ]
        lines += files(capture)
        lines += [
            "  \(Quantity.count(capture.packets, "packet")), \(Quantity.count(capture.messages, "DNS message")) "
                + "(\(Quantity.count(capture.queries)) queries, \(Quantity.count(capture.responses)) responses)",
            "  \(Quantity.count(capture.transactions)) matched, \(Quantity.count(capture.unanswered)) unanswered, "
                + "\(Quantity.count(capture.unsolicited)) unsolicited",
            "  \(Quantity.count(capture.tcp.connections, "TCP connection")), "
                + "\(Quantity.count(capture.tcp.messages, "message")) in them, \(Quantity.count(capture.tcp.gaps, "gap"))",
            "  \(Quantity.count(capture.drops)) lost, \(Quantity.count(capture.duplicates, "copy", "copies")) of one packet folded",
        ]
        guard let detail = capture.detail else { return (lines + proofs(capture)).joined(separator: "\n") + "\n" }
        lines += section("Accounting", detail.accounting.map { DisplayText.clean($0) })
        lines += section("Ledger", ledger(capture, detail))
        lines += section("Latency", latencies(detail))
        lines += section("Upstream connections", connections(detail.connections))
        lines += section("Past the cache", bypass(detail))
        lines += section("Faults on the wire", faults(detail))
        lines += section("Proofs", proofs(capture))
        return lines.joined(separator: "\n") + "\n"
    }

    private static func files(_ capture: CaptureRecord) -> [String] {
        guard let files = capture.files, files.count > 1 else { return [] }
        let shown = files.prefix(mostFiles).enumerated().map { "  file \($0 + 1): \(DisplayText.clean($1))" }
        return shown
            + (files.count > mostFiles ? ["  and \(Quantity.count(UInt64(files.count - mostFiles))) more"] : [])
    }

    private static func section(_ title: String, _ lines: [String]) -> [String] {
        lines.isEmpty ? [] : ["", title] + lines.map { "  " + $0 }
    }

    private static func ledger(_ capture: CaptureRecord, _ detail: CaptureDetail) -> [String] {
        let columns = [
            ("queries", "client_queries"), ("hits", "hits"), ("warm", "warm_hits"), ("misses", "misses"),
            ("early", "early_misses"), ("verified", "verified"), ("stale", "stale"), ("coalesced", "coalesced"),
            ("unanswered", "unanswered"),
            ("TCP", "upstream_tcp"), ("UDP", "upstream_udp"),
        ]
        let total = capture.ledger ?? [:]
        guard total.values.contains(where: { $0 > 0 }) else { return [] }
        var table = TextTable(columns: [.left] + columns.map { _ in .right })
        table.append(["zone"] + columns.map(\.0))
        for zone in detail.zones where zone.ledger.values.contains(where: { $0 > 0 }) {
            table.append(
                [DisplayText.clean(zone.zone, limit: 60)] + columns.map { Quantity.count(zone.ledger[$0.1] ?? 0) }
            )
        }
        table.append(["all"] + columns.map { Quantity.count(total[$0.1] ?? 0) })
        let named = Set(columns.map(\.1))
        let others = total.filter { $0.value > 0 && !named.contains($0.key) }.sorted { $0.key < $1.key }
            .map { "\($0.key.replacing("_", with: " ")) \(Quantity.count($0.value))" }
        return table.lines(ascii: false) + (others.isEmpty ? [] : [others.joined(separator: ", ")])
    }

    private static func latencies(_ detail: CaptureDetail) -> [String] {
        guard !detail.latency.isEmpty else { return [] }
        var table = TextTable(columns: [.left, .right, .right, .right, .right, .right])
        table.append(["", "count", "p50", "p90", "p99", "max"])
        for (name, title) in latencyNames {
            guard let latency = detail.latency[name] else { continue }
            table.append(
                [title, Quantity.count(latency.count)]
                    + [latency.p50, latency.p90, latency.p99, latency.max].map { Quantity.duration($0) }
            )
        }
        return table.lines(ascii: false)
    }

    private static func connections(_ connections: CaptureDetail.Connections) -> [String] {
        let counts = connections.counts
        guard let all = counts["connections"], all > 0 else { return [] }
        let endings = [
            ("closed_by_cache", "closed by the cache"), ("closed_by_server", "closed by the server"),
            ("reset_by_cache", "reset by the cache"), ("reset_by_server", "reset by the server"),
            ("refused", "refused"), ("unanswered", "without an answer to SYN"),
        ].compactMap { name, text in (counts[name] ?? 0) > 0 ? "\(Quantity.count(counts[name] ?? 0)) \(text)" : nil }
        var lines = [
            "\(Quantity.count(counts["queries"] ?? 0, "query", "queries")) in \(Quantity.count(all, "connection"))"
                + (endings.isEmpty ? "" : ": " + endings.joined(separator: ", "))
        ]
        if let p50 = connections.queriesPerConnection["p50"], let max = connections.queriesPerConnection["max"] {
            lines.append("queries of one connection: p50 \(p50), at most \(max)")
        }
        for server in connections.servers.prefix(8) {
            lines.append(
                "\(DisplayText.clean(server.address, limit: 60)):\(server.port)  "
                    + "\(Quantity.count(server.queries, "query", "queries")) in "
                    + Quantity.count(server.connections, "connection")
            )
        }
        if let others = counts["to_other_servers"], others > 0 {
            lines.append("other servers  \(Quantity.count(others, "connection"))")
        }
        if connections.servers.count > 1 {
            lines.append("skew over servers \(Quantity.fixed(connections.skew, 2)) (0 is even)")
        }
        return lines
    }

    private static func bypass(_ detail: CaptureDetail) -> [String] {
        let named = detail.bypass.prefix(10).map {
            "\(DisplayText.clean($0.address, limit: 60))  \(Quantity.count($0.queries, "query", "queries"))"
        }
        let rest = detail.bypass.dropFirst(10).reduce(detail.bypassOthers ?? 0) { $0 + $1.queries }
        return named + (rest > 0 ? ["other clients  \(Quantity.count(rest, "query", "queries"))"] : [])
    }

    private static func faults(_ detail: CaptureDetail) -> [String] {
        detail.faults.flatMap { fault in
            ["\(fault.id)  \(Quantity.count(fault.count)) ×. \(DisplayText.clean(fault.meaning))"]
                + fault.evidence.prefix(2).map { "  " + DisplayText.clean($0.text) }
        }
    }

    private static func proofs(_ capture: CaptureRecord) -> [String] {
        capture.proofs.flatMap { proof in
            ["\(DisplayText.clean(proof.id, limit: 80))  \(proof.verdict.rawValue). \(DisplayText.clean(proof.reason))"]
                + proof.evidence.prefix(5).map { "  " + DisplayText.clean($0.text) }
        }
    }
}
