import Measure
import Results

/// A whole run, made up but consistent: every section is filled and `ResultVerification` finds nothing.
enum SampleDocument {
    /// What the made-up run looked like.
    enum Outcome {
        /// All is well, with known deviations.
        case pass
        /// A check, a proof and a gate failed.
        case fail
    }

    private static let passed = build(.pass, queries: 20_000)
    private static let failed = build(.fail, queries: 20_000)

    /// The made-up run; made once, since histograms take their time in a debug build.
    static func make(_ outcome: Outcome = .pass) -> ResultDocument {
        outcome == .pass ? passed : failed
    }

    /// A run of so few queries that its JSON is short.
    static func short() -> ResultDocument {
        build(.pass, queries: 40)
    }

    private static func build(_ outcome: Outcome, queries: Int) -> ResultDocument {
        let started = Timestamp(realtimeNanoseconds: 1_718_092_800_123_456_789)
        var document = ResultDocument(
            status: .complete,
            verdict: outcome == .pass ? .pass : .fail,
            started: started,
            ended: Timestamp(realtimeNanoseconds: started.realtimeNanoseconds + 92_000_000_000),
            seed: 0xFEED_FACE_CAFE,
            tool: ToolRecord(version: "0.1.0", commit: "0123abc", build: "release"),
            environment: environment,
            targets: [
                TargetRecord(name: "cluster", address: "10.96.0.10", port: 53, role: "cluster"),
                TargetRecord(
                    name: "cache",
                    address: "169.254.20.10",
                    port: 53,
                    role: "nodelocal",
                    version: "CoreDNS-1.13.1"
                ),
            ]
        )
        document.reasons =
            outcome == .pass
            ? ["All 9 checks, 2 proofs and 3 gates hold; p99 of cache is 0.41 of cluster's."]
            : [
                "Check HDR-02 failed: the answer's id differs from the query's.",
                "Proof force-tcp is violated: 3 of 120 upstream queries went by UDP.",
                "Gate cache.p99 <= 2ms failed: 3.1 ms.",
            ]
        document.command = ["nldns", "run", "pre-rollout", "--lab", "--seed", "280297596316414"]
        document.scenario = ScenarioRecord(
            id: "pre-rollout",
            sha256: SHA256.hexadecimal(of: Array("pre-rollout".utf8)),
            resolved: .object(["pairs": .integer(12), "segment": .string("2s"), "targets": .array([.string("cache")])])
        )
        let slow = LoadFixture(target: "cluster", base: 380_000, tail: 4_000_000, seed: 1, queries: queries)
        var quick = LoadFixture(target: "cache", base: 60_000, tail: 1_500_000, seed: 2, queries: queries)
        quick.keepsHistograms = true
        var cached = quick.record
        LookupFixture.add(to: &cached)
        document.load = [slow.record, cached]
        document.checks = checks(outcome)
        document.capture = capture(outcome)
        document.comparison = comparison(queries: UInt64(queries))
        document.gate = gate(outcome)
        document.notes = ["The lab stands in for the node: figures are of this machine, not of a cluster."]
        return document
    }

    private static let environment = EnvironmentRecord(
        fingerprint: SHA256.hexadecimal(of: Array("machine".utf8)),
        os: "Debian GNU/Linux 12 (bookworm)",
        kernel: "6.1.0-21-amd64",
        arch: "x86_64",
        cpus: 4,
        cpusAllowed: 4,
        cpuModel: "Example CPU @ 3.00GHz",
        cpuQuota: nil,
        memoryBytes: 16 << 30,
        governor: "performance",
        clocksource: "tsc",
        virtualisation: nil,
        container: nil,
        swiftBuildMode: "release"
    )

    private static func checks(_ outcome: Outcome) -> [CheckRecord] {
        let rows: [(String, String, String, CheckRecord.Status)] = [
            ("HDR-01", "header", "QR is set in answers", .pass),
            ("HDR-02", "header", "The answer has the query's id", outcome == .pass ? .pass : .fail),
            ("NAM-01", "names", "Case of the question is kept", .pass),
            ("EDN-01", "edns", "OPT in the query is answered with OPT", .pass),
            ("EDN-03", "edns", "EDNS version 1 is answered with BADVERS", .known),
            ("TCP-02", "tcp", "Two queries in one segment are both answered", .pass),
            ("CCH-11", "cache", "Denial is cached for at most 5 s", .pass),
            ("RTE-03", "routing", "PTR of 10.0.0.0/8 goes to the cluster DNS", .skip),
            ("OPS-03", "operations", "Counters of hits and misses agree with the wire", .inconclusive),
        ]
        return rows.map { id, section, title, status in
            CheckRecord(
                id: id,
                section: section,
                title: title,
                severity: "error",
                status: status,
                tags: ["tier0"],
                requirement: "A response carries the identifier of its query.",
                source: "RFC 1035 section 4.1.1",
                expected: "id 0x1234",
                actual: status == .pass ? "id 0x1234" : "id 0x0000",
                remediation: status == .pass ? "" : "Check for a middlebox that rewrites DNS between pod and node.",
                evidence: status == .pass
                    ? [] : [EvidenceRecord(frame: 17, text: "169.254.20.10.53 > 10.0.0.2.4001 id 0")],
                durationNanoseconds: 1_234_567
            )
        }
    }

    private static func capture(_ outcome: Outcome) -> CaptureRecord {
        let frames = (0..<30).map { index in
            EvidenceRecord(
                frame: UInt64(100 + index),
                ts: Timestamp(realtimeNanoseconds: 1_718_092_801_000_000_000 + Int64(index)),
                text:
                    "TCP 10.0.1.2.40\(100 + index) > 10.0.2.\(10 + index % 2).53 A? svc-\(index).ns.svc.cluster.local."
            )
        }
        var record = CaptureRecord(
            packets: 41_000,
            messages: 40_400,
            queries: 20_200,
            responses: 20_200,
            transactions: 20_200,
            unanswered: 0,
            unsolicited: 0,
            drops: 0,
            duplicates: 0,
            tcp: CaptureRecord.TCP(connections: 12, messages: 400, gaps: 0),
            ledger: ["hits": 19_800, "misses": 200],
            proofs: [
                ProofRecord(
                    id: "force-tcp",
                    verdict: outcome == .pass ? .proven : .violated,
                    reason: outcome == .pass
                        ? "All 120 upstream queries of 3 zones went by TCP." : "3 of 120 upstream queries went by UDP.",
                    evidence: frames,
                    evidenceCount: 120
                ),
                ProofRecord(
                    id: "cache",
                    verdict: .proven,
                    reason: "40 repeated questions caused no upstream query; TTLs counted down from 30 s and 5 s.",
                    evidence: Array(frames.prefix(5)),
                    evidenceCount: 40
                ),
            ]
        )
        record.detail = detail()
        return record
    }

    private static func detail() -> CaptureDetail {
        var hits = LatencyHistogram()
        var misses = LatencyHistogram()
        for step in 0..<600 { hits.record(30_000 + Int64(step * step), count: 33) }
        for step in 0..<200 { misses.record(900_000 + Int64(step * step * 40)) }
        return CaptureDetail(
            accounting: ["40400 messages = 20200 queries + 20200 responses"],
            zones: [
                CaptureDetail.Zone(
                    zone: "cluster.local.",
                    ledger: ["client_queries": 20_000, "hits": 19_800, "misses": 200, "upstream_tcp": 200],
                    ttlDecay: (0..<30).map { second in
                        CaptureDetail.TTLPoint(
                            ageNanoseconds: Int64(second) * 1_000_000_000 + 200_000_000,
                            storedSeconds: 30,
                            shownSeconds: 30 - UInt32(second)
                        )
                    }
                ),
                CaptureDetail.Zone(
                    zone: "in-addr.arpa.",
                    ledger: ["client_queries": 0],
                    ttlDecay: (0..<5).map { second in
                        CaptureDetail.TTLPoint(
                            ageNanoseconds: Int64(second) * 1_000_000_000,
                            storedSeconds: 5,
                            shownSeconds: 5 - UInt32(second)
                        )
                    }
                ),
            ],
            latency: ["hit": LatencySummary(hits), "miss": LatencySummary(misses)],
            connections: CaptureDetail.Connections(
                counts: ["connections": 12, "queries": 200, "closed_by_cache": 10],
                queriesPerConnection: ["p50": 16, "p99": 31, "max": 31],
                servers: [
                    .init(address: "10.0.2.10", port: 53, connections: 6, queries: 120),
                    .init(address: "10.0.2.11", port: 53, connections: 6, queries: 80),
                ],
                skew: 0.1
            ),
            faults: [],
            bypass: []
        )
    }

    private static func comparison(queries: UInt64) -> ComparisonRecord {
        var generator = SeededGenerator(seed: 3)
        func pairs(_ a: Double, _ b: Double) -> [PairedComparison.Pair] {
            (0..<12).map { _ in
                let drift = 1 + 0.1 * generator.nextUnit()
                return .init(
                    a: (a * drift * (1 + 0.05 * generator.nextUnit())).rounded(),
                    b: (b * drift * (1 + 0.05 * generator.nextUnit())).rounded()
                )
            }
        }
        let values: [(ComparisonMetric, [PairedComparison.Pair])] = [
            (.p50, pairs(400_000, 70_000)), (.p90, pairs(900_000, 150_000)), (.p99, pairs(3_900_000, 1_500_000)),
            (.achievedQPS, pairs(1_000, 1_000)),
        ]
        var metrics = values.map { PairedComparison.Metric.paired($0, $1) }
        if let losses = LossTest.Losses(lost: 2, sent: queries) {
            let margin = ComparisonMargin(relative: 0, absoluteFloor: 0.001)
            metrics.append(.loss(a: losses, b: losses, margin: margin, isGated: queries > 10_000))
        }
        let order = InterleavingOrder.schedule(pairs: 12, seed: 3)
        let segments = order.enumerated().flatMap { index, order in
            (order == .ab ? ["cluster", "cache"] : ["cache", "cluster"]).map { target in
                func value(_ place: Int) -> Double {
                    target == "cache" ? values[place].1[index].b : values[place].1[index].a
                }
                return ComparisonRecord.Segment(
                    pair: index + 1,
                    target: target,
                    p50: Int64(value(0)),
                    p99: Int64(value(2)),
                    achievedQPS: value(3),
                    loss: 0
                )
            }
        }
        var record = ComparisonRecord(
            a: "cluster",
            b: "cache",
            comparisons: PairedComparison.compare(metrics),
            order: order,
            segments: segments
        )
        record.design = ComparisonDesign(
            transport: "udp",
            rateQPS: 1_000,
            segmentNanoseconds: 10_000_000_000,
            settleNanoseconds: 2_000_000_000,
            cache: "warm",
            site: "lab ipvs, reference",
            workload: "kubernetes 0123456789ab",
            looks: [.init(pairs: 12, level: 0.05)],
            isSelf: false
        )
        record.discards = [PairDiscard(fault: .generatorBehind, pairs: 1)]
        record.cacheCounts = [.init(target: "cache", hits: 119_000, misses: 1_000)]
        record.metrics[0].noiseFloor = 0.04
        // A thirteenth pair, which does not count.
        record.discardedPairs = 1
        record.order?.append("AB")
        var spoilt = segments.suffix(2).map { segment in
            var segment = segment
            segment.pair = 13
            return segment
        }
        spoilt[0].invalidReason = "the generator fell behind its plan"
        spoilt[0].faults = [.generatorBehind]
        record.segments? += spoilt
        return record
    }

    private static func gate(_ outcome: Outcome) -> GateRecord {
        GateRecord(outcomes: [
            GateRecord.Outcome(
                expression: "cache.p99 <= 2ms",
                verdict: outcome == .pass ? .pass : .fail,
                actual: outcome == .pass ? "1.5 ms" : "3.1 ms",
                limit: "2 ms",
                remediation: "Look at the percentile chart: a step at 1 % points to upstream misses."
            ),
            GateRecord.Outcome(expression: "upstream.udp == 0", verdict: .pass, actual: "0", limit: "0"),
            GateRecord.Outcome(
                expression: "cache.p99 <= cluster.p99 * 1.2",
                verdict: .pass,
                actual: "1.5 ms",
                limit: "4.7 ms"
            ),
        ])
    }
}
