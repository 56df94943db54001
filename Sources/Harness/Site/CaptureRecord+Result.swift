package import Capture
import DNSWire
import Measure
package import Results

extension CaptureRecord {
    /// The numbers of a capture with the proofs that were judged on it.
    package init(_ result: CaptureResult, proofs: [Proof]) {
        let report = result.report
        var ledger = Self.counts(result.ledger)
        ledger["upstream_udp_where_tcp_forced"] = result.findings.forcedQueriesOverUDP
        self.init(
            packets: report.packets,
            messages: report.messages.messages,
            queries: report.messages.queries,
            responses: report.messages.responses,
            transactions: report.transactions.matched,
            unanswered: report.transactions.unanswered,
            unsolicited: report.transactions.unsolicited,
            drops: report.drops,
            duplicates: report.frames.duplicates,
            tcp: TCP(connections: report.tcp.connections, messages: report.tcp.messages, gaps: report.losses.gaps),
            ledger: ledger,
            proofs: proofs.map { ProofRecord($0, files: result.files) }
        )
        if !result.files.isEmpty { files = result.files.map(\.path) }
        detail = CaptureDetail(result)
    }

    fileprivate static func counts(_ ledger: Ledger) -> [String: UInt64] {
        Dictionary(uniqueKeysWithValues: ledger.entries.map { ($0.name, $0.value) })
    }
}

extension CaptureDetail {
    /// What a capture tells beyond its counts.
    init(_ result: CaptureResult) {
        let findings = result.findings
        let latencies = findings.latencies
        let histograms = [
            ("hit", latencies.hit), ("miss", latencies.miss), ("wait", latencies.wait), ("after", latencies.after),
            ("upstream_udp", latencies.upstreamUDP), ("upstream_tcp", latencies.upstreamTCP),
            ("handshake", findings.connections.handshake),
        ]
        self.init(
            accounting: result.report.accounting,
            zones: zip(findings.zones, findings.decays).map { books, decay in
                Zone(
                    zone: books.zone.name.description,
                    ledger: CaptureRecord.counts(books.ledger),
                    ttlDecay: decay.isEmpty ? nil : decay.map(TTLPoint.init)
                )
            },
            latency: Dictionary(
                uniqueKeysWithValues: histograms.filter { $0.1.count > 0 }.map { ($0.0, LatencySummary($0.1)) }
            ),
            connections: Connections(findings.connections),
            faults: findings.faults.seen.map { fault in
                Fault(
                    id: fault.rawValue,
                    count: findings.faults.count(fault),
                    meaning: fault.meaning,
                    evidence: findings.faults.evidence(fault).map { EvidenceRecord($0, files: result.files) }
                )
            },
            bypass: findings.bypass.clients.map { Bypass(address: $0.address.description, queries: $0.queries) },
            bypassOthers: findings.bypass.others > 0 ? findings.bypass.others : nil
        )
    }
}

extension CaptureDetail.TTLPoint {
    fileprivate init(_ sample: TTLSample) {
        self.init(
            ageNanoseconds: sample.ageNanoseconds,
            storedSeconds: sample.stored,
            shownSeconds: sample.shown
        )
    }
}

extension CaptureDetail.Connections {
    fileprivate init(_ connections: UpstreamConnections) {
        let queries = connections.queriesPerConnection
        self.init(
            counts: [
                "connections": connections.connections, "opened": connections.opened, "queries": connections.queries,
                "closed_by_cache": connections.closedByCache, "closed_by_server": connections.closedByServer,
                "reset_by_cache": connections.resetByCache, "reset_by_server": connections.resetByServer,
                "refused": connections.refused, "unanswered": connections.unanswered,
                "repeated_syn": connections.repeatedSYN, "used_once": connections.singles,
                "to_other_servers": connections.beyondShares,
            ],
            queriesPerConnection: queries.count == 0
                ? [:]
                : [
                    "p50": queries.value(percentile: 50), "p99": queries.value(percentile: 99), "max": queries.max,
                ],
            servers: connections.servers.map {
                Server(
                    address: $0.server.address.description,
                    port: $0.server.port,
                    connections: $0.connections,
                    queries: $0.queries
                )
            },
            skew: max(0, connections.skew)
        )
    }
}

extension EvidenceRecord {
    /// A frame as the result document has it; with several files its own is named.
    init(_ evidence: Evidence, files: [CaptureFileSummary] = []) {
        let place = evidence.frame.file - 1
        self.init(
            frame: evidence.frame.number,
            file: files.indices.contains(place) ? files[place].path : nil,
            ts: Results.Timestamp(realtimeNanoseconds: evidence.realtimeNanoseconds),
            text: evidence.text
        )
    }
}
