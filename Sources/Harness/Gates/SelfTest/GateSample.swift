import Measure
package import Results

/// A made-up result that passes each of its gates: what the self-test works on where no other is given.
package enum GateSample {
    /// The gates of its scenario.
    package static let gates = [
        "checks.fail == 0", "checks.total >= 3", "check.HDR-01 == pass", "proof.force-tcp == proven",
        "proof.cache == proven", "capture.drops == 0", "upstream.udp_where_tcp_forced == 0",
        "ledger.hit_ratio >= 60%", "cache.loss <= 0.1%", "cache.rcode.SERVFAIL == 0", "cache.mismatched == 0",
        "cache.p50 <= 2ms", "cache.p90 <= cluster.p90 * 1.5", "cache.p99 <= 60ms",
    ]

    /// The document; equal for equal seeds.
    package static func document(seed: UInt64 = 20_261_127, environment: EnvironmentRecord? = nil) -> ResultDocument {
        let started = Timestamp(realtimeNanoseconds: 1_795_737_600_000_000_000)
        var document = ResultDocument(
            status: .complete,
            verdict: .pass,
            started: started,
            ended: Timestamp(realtimeNanoseconds: started.realtimeNanoseconds + 60_000_000_000),
            seed: seed,
            tool: BuildInfo.tool,
            environment: environment ?? EnvironmentProbe.read(),
            targets: [
                TargetRecord(name: "cluster", address: "10.96.0.10", port: 53, role: "cluster"),
                TargetRecord(name: "cache", address: "169.254.20.10", port: 53, role: "cache"),
            ]
        )
        document.reasons = []
        document.scenario = ScenarioRecord(
            id: "gate-sample",
            sha256: SHA256.hexadecimal(of: Array(gates.joined(separator: "\n").utf8)),
            resolved: .object([
                "id": .string("gate-sample"),
                "gates": .array(gates.map { .object(["expression": .string($0)]) }),
            ])
        )
        var random = SeededGenerator(seed: seed)
        document.load = [
            load("cluster", base: 380_000, tail: 4_000_000, &random),
            load("cache", base: 60_000, tail: 1_500_000, &random),
        ]
        document.checks = ["HDR-01", "HDR-02", "NAM-01"].map(check)
        document.capture = capture
        document.comparison = comparison(&random)
        document.notes = ["Made up by nldns gate selftest; nothing of it was measured."]
        return document
    }

    private static func load(
        _ target: String,
        base: Int64,
        tail: Int64,
        _ random: inout SeededGenerator
    ) -> LoadRecord {
        let count: UInt64 = 4_000
        var response = LatencyHistogram()
        var lag = LatencyHistogram()
        for _ in 0..<count {
            let spread = random.next() % 50 == 0 ? tail : base
            response.record(base + Int64(random.next() % UInt64(spread)))
            lag.record(Int64(random.next() % 9_000))
        }
        return LoadRecord(
            target: target,
            phase: "compare",
            transport: "udp",
            model: "open",
            offeredQPS: 200,
            achievedQPS: 200,
            durationNanoseconds: 20_000_000_000,
            counters: LoadCounters(scheduled: count, sent: count, answered: count),
            rcodes: ["NOERROR": count - 100, "NXDOMAIN": 100],
            latency: LoadRecord.Latencies(
                response: LatencySummary(response),
                service: LatencySummary(response),
                sendLag: LatencySummary(lag)
            ),
            client: LoadRecord.Client(cpuNanoseconds: 200_000_000, peakRSSBytes: 40 << 20, rxDropped: 0)
        )
    }

    private static func check(_ id: String) -> CheckRecord {
        CheckRecord(
            id: id,
            section: String(id.prefix(3)),
            title: "Made up",
            severity: "error",
            status: .pass,
            requirement: "A requirement.",
            source: "none",
            expected: "what was required",
            actual: "what was required",
            remediation: "",
            durationNanoseconds: 1_000_000
        )
    }

    private static var capture: CaptureRecord {
        let evidence = [EvidenceRecord(frame: 17, text: "made up")]
        return CaptureRecord(
            packets: 20_100,
            messages: 20_000,
            queries: 10_000,
            responses: 10_000,
            transactions: 10_000,
            unanswered: 0,
            unsolicited: 0,
            drops: 0,
            duplicates: 0,
            tcp: CaptureRecord.TCP(connections: 4, messages: 1_000, gaps: 0),
            ledger: [
                "hits": 3_200, "misses": 800, "upstream_queries": 800, "upstream_udp": 50, "upstream_tcp": 750,
                "upstream_udp_where_tcp_forced": 0,
            ],
            proofs: ["force-tcp", "cache"].map {
                ProofRecord(id: $0, verdict: .proven, reason: "Made up.", evidence: evidence)
            }
        )
    }

    private static func comparison(_ random: inout SeededGenerator) -> ComparisonRecord {
        func pairs(_ a: Double, _ b: Double, noise: Double) -> [PairedComparison.Pair] {
            (0..<12).map { _ in
                let drift = 1 + 0.1 * random.nextUnit()
                return PairedComparison.Pair(
                    a: a * drift * (1 + noise * random.nextUnit()),
                    b: b * drift * (1 + noise * random.nextUnit())
                )
            }
        }
        var metrics: [PairedComparison.Metric] = [
            .paired(.p50, pairs(570_000, 90_000, noise: 0.03)),
            .paired(.p99, pairs(3_000_000, 1_000_000, noise: 0.08)),
            .paired(.achievedQPS, pairs(200, 200, noise: 0.001)),
        ]
        if let none = LossTest.Losses(lost: 0, sent: 4_000) {
            metrics.append(.loss(a: none, b: none, margin: ComparisonMargin(relative: 0, absoluteFloor: 0.001)))
        }
        return ComparisonRecord(
            a: "cluster",
            b: "cache",
            comparisons: PairedComparison.compare(metrics),
            order: InterleavingOrder.schedule(pairs: 12, seed: 1)
        )
    }
}
