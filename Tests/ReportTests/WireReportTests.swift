import Measure
import Results
import Testing

@testable import Report

@Suite("What a capture tells, for people")
struct WireReportTests {
    private static func capture() -> CaptureRecord {
        var capture = CaptureRecord(
            packets: 2_000,
            messages: 1_800,
            queries: 900,
            responses: 900,
            transactions: 890,
            unanswered: 10,
            unsolicited: 0,
            drops: 0,
            duplicates: 1,
            tcp: CaptureRecord.TCP(connections: 3, messages: 200, gaps: 0),
            ledger: ["client_queries": 800, "hits": 700, "misses": 90, "unanswered": 10, "prefetches": 2]
        )
        var hits = LatencyHistogram()
        hits.record(45_000)
        capture.detail = CaptureDetail(
            accounting: ["frames 2000 = UDP 2000"],
            zones: [CaptureDetail.Zone(zone: "<cluster>.local.", ledger: ["client_queries": 800, "hits": 700])],
            latency: ["hit": LatencySummary(hits)],
            connections: CaptureDetail.Connections(
                counts: ["connections": 3, "queries": 100, "refused": 2, "to_other_servers": 17],
                queriesPerConnection: ["p50": 33, "p99": 34, "max": 34],
                servers: [
                    CaptureDetail.Connections.Server(address: "10.244.1.2", port: 53, connections: 3, queries: 100)
                ],
                skew: 0
            ),
            faults: [
                CaptureDetail.Fault(
                    id: "query-lost",
                    count: 10,
                    meaning: "The cache asked nobody.",
                    evidence: [EvidenceRecord(frame: 7, text: "frame 7 UDP")]
                )
            ],
            bypass: [CaptureDetail.Bypass(address: "10.244.0.9", queries: 4)],
            bypassOthers: 1_234
        )
        capture.files = ["a.pcap", "b<1>.pcap"]
        return capture
    }

    @Test("A terminal shows zones, latencies, connections, faults and who asks past the cache")
    func terminal() {
        let text = TerminalCapture.text(Self.capture(), source: "node.pcap")
        for words in [
            "2,000 packets, 1,800 DNS messages", "<cluster>.local.", "prefetches 2", "45.0 µs", "2 refused",
            "10.244.1.2:53  100 queries in 3 connections", "query-lost  10 ×. The cache asked nobody.", "frame 7 UDP",
            "10.244.0.9  4 queries", "other clients  1,234 queries", "other servers  17 connections",
            "file 1: a.pcap\n  file 2: b<1>.pcap\n",
        ] {
            #expect(text.contains(words), "\(words)")
        }
    }

    @Test("The page shows the same, with what comes from outside escaped")
    func page() {
        var document = SampleDocument.make()
        document.capture = Self.capture()
        let page = HTMLReport.render(document)
        for words in [
            "On the wire", "&lt;cluster&gt;.local.", "answered from the cache", "10.244.1.2:53", "query-lost",
            "frame 7 UDP", "10.244.0.9", "other clients", "1,234", "to other servers 17", "b&lt;1&gt;.pcap",
        ] {
            #expect(page.contains(words), "\(words)")
        }
        #expect(!page.contains("<cluster>"))
    }
}
