import Measure
import Testing

@testable import Results

@Suite("Results of many nodes")
struct MergeTests {
    /// A node's result of `count` latencies around `base` nanoseconds, of which it lost some.
    private static func node(
        _ latencies: [Int64],
        lost: UInt64 = 0,
        scenario: String = "fleet"
    ) -> ResultDocument {
        var document = SampleDocument.make()
        document.scenario = ScenarioRecord(id: scenario, sha256: SHA256.hexadecimal(of: Array(scenario.utf8)))
        document.comparison = nil
        document.gate = nil
        document.checks = nil
        document.capture = nil
        var histogram = LatencyHistogram()
        for latency in latencies { histogram.record(latency) }
        let answered = UInt64(latencies.count)
        document.load = [
            LoadRecord(
                target: "cache",
                phase: "load",
                transport: "udp",
                offeredQPS: 100,
                achievedQPS: Double(answered) / 10,
                durationNanoseconds: 10_000_000_000,
                counters: LoadCounters(
                    scheduled: answered + lost,
                    sent: answered + lost,
                    answered: answered,
                    timedOut: lost
                ),
                rcodes: ["NOERROR": answered],
                latency: LoadRecord.Latencies(
                    response: LatencySummary(histogram),
                    service: LatencySummary(histogram),
                    sendLag: LatencySummary(histogram)
                ),
                client: LoadRecord.Client(cpuNanoseconds: 5, peakRSSBytes: 7, rxDropped: 1)
            )
        ]
        return document
    }

    private static func latencies(_ seed: UInt64, count: Int, base: Int64) -> [Int64] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            base + Int64(random.next() % UInt64(base)) * (random.next() % 40 == 0 ? 20 : 1)
        }
    }

    private static func merge(_ documents: [ResultDocument]) throws -> ResultDocument {
        try ResultMerge.merge(
            documents.enumerated().map { ResultMerge.Input(name: "node-\($0)", document: $1) },
            command: ["nldns", "results", "merge"]
        )
    }

    @Test("the sum of split histograms is the histogram of the whole, however it is split", arguments: 1...6)
    func property(seed: Int) throws {
        let whole = Self.latencies(UInt64(seed), count: 3_000, base: 50_000)
        var random = SeededGenerator(seed: UInt64(seed) &* 77)
        var parts: [[Int64]] = Array(repeating: [], count: 2 + seed)
        for latency in whole { parts[Int(random.next() % UInt64(parts.count))].append(latency) }
        let sum = try Self.merge(parts.map { Self.node($0) })
        let single = try #require(Self.node(whole).load?.first)
        let merged = try #require(sum.load?.first)
        #expect(try merged.latency.response.histogram().buckets == single.latency.response.histogram().buckets)
        #expect(merged.latency.response.count == 3_000)
        let histogram = try single.latency.response.histogram()
        for path in [\LatencySummary.p50, \.p90, \.p99, \.p99_9, \.p99_99] {
            // A text knows a latency to its bucket alone.
            let (first, second) = (merged.latency.response[keyPath: path], single.latency.response[keyPath: path])
            #expect(histogram.areEquivalent(first, second), "\(path)")
        }
        #expect(merged.latency.response.min == whole.min() && merged.latency.response.max == whole.max())
        #expect(ResultVerification.findings(in: sum) == [])
    }

    @Test("percentiles are read off the sum, not averaged; counters add, the largest resident set stands")
    func notAveraged() throws {
        // 2,000 quick answers on one node and 200 slow ones on another: a mean of the two p50 would be 50 ms.
        let quick = Self.node([Int64](repeating: 100_000, count: 2_000), lost: 3)
        let slow = Self.node([Int64](repeating: 100_000_000, count: 200), lost: 5)
        let load = try #require(try Self.merge([quick, slow]).load?.first)
        #expect(load.latency.response.p50 < 101_000)
        #expect(load.latency.response.p99 > 99_000_000)
        #expect(load.counters.answered == 2_200 && load.counters.timedOut == 8 && load.counters.scheduled == 2_208)
        #expect(load.rcodes == ["NOERROR": 2_200])
        #expect(load.offeredQPS == 200 && load.achievedQPS == 220)
        #expect(load.client == LoadRecord.Client(cpuNanoseconds: 10, peakRSSBytes: 7, rxDropped: 2))
    }

    @Test("a slow node and a lossy node stand out by their figures, and an even fleet has none")
    func outliers() throws {
        let even = (0..<8).map { Self.node(Self.latencies(UInt64($0) + 1, count: 2_000, base: 200_000)) }
        #expect(try Self.merge(even).fleet?.outliers == [])
        var odd = even
        odd[2] = Self.node(Self.latencies(99, count: 2_000, base: 600_000))
        odd[5] = Self.node(Self.latencies(98, count: 2_000, base: 200_000), lost: 60)
        let sum = try Self.merge(odd)
        let found = try #require(sum.fleet).outliers
        #expect(Set(found.map { "\($0.node) \($0.metric)" }) == ["node-2 p50", "node-2 p99", "node-5 loss"])
        #expect(found.allSatisfy { $0.score > 3.5 } && found == found.sorted { $0.score > $1.score })
        #expect(ResultVerification.findings(in: sum) == [])
        var tampered = sum
        tampered.fleet?.outliers.removeAll()
        #expect(ResultVerification.findings(in: tampered).map(\.place) == ["fleet.outliers"])
    }

    @Test("four nodes are too few for one of them to stand out, and a few lost queries are luck")
    func fewNodes() throws {
        var nodes = (0..<3).map { Self.node(Self.latencies(UInt64($0) + 1, count: 2_000, base: 200_000)) }
        nodes.append(Self.node(Self.latencies(9, count: 2_000, base: 2_000_000)))
        #expect(try Self.merge(nodes).fleet?.outliers == [])
        nodes = (0..<6).map { Self.node(Self.latencies(UInt64($0) + 1, count: 500, base: 200_000)) }
        nodes[1] = Self.node(Self.latencies(1, count: 500, base: 200_000), lost: 1)
        #expect(try Self.merge(nodes).fleet?.outliers == [])
    }

    @Test("the score is the modified z-score of Iglewicz and Hoaglin, above a floor where all are alike")
    func score() {
        // Median 3, MAD 1: 0.6745 · (9 − 3) / 1.
        let scores = StandOutRule.scores([1, 2, 3, 4, 9], floor: 0)
        #expect(abs(scores[4] - 4.047) < 1e-9 && scores[2] == 0)
        #expect(StandOutRule.scores([5, 5, 5, 5, 6], floor: 2)[4] == 3.5 * (1 - 0.5))
        #expect(StandOutRule.scores([5, 5, 5], floor: 0) == [0, 0, 0])
        #expect(StandOutRule.median([]) == 0 && StandOutRule.median([4, 1]) == 2.5)
    }

    @Test("a check or proof counts as on the node where it stands worst, and names how many nodes that are")
    func worst() throws {
        var bad = SampleDocument.make(.fail)
        bad.comparison = nil
        var good = SampleDocument.make()
        good.comparison = nil
        let sum = try Self.merge([good, bad, good])
        let check = try #require(sum.checks?.first { $0.id == "HDR-02" })
        #expect(check.status == .fail && check.actual.hasPrefix("on 1 of 3 nodes (node-1): "))
        #expect(sum.checks?.count == good.checks?.count)
        let proof = try #require(sum.capture?.proofs.first { $0.id == "force-tcp" })
        #expect(proof.verdict == .violated && proof.reason.hasPrefix("on 1 of 3 nodes (node-1): "))
        #expect(sum.capture?.packets == 3 * 41_000)
        #expect(sum.verdict == .fail && sum.gate == nil)
        #expect(ResultVerification.findings(in: sum) == [])
    }

    @Test("an invalid load is left out and named, and a run that broke off makes the sum no whole one")
    func leftOut() throws {
        var invalid = Self.node([1_000, 2_000])
        invalid.load?[0].invalidReason = "the generator fell behind"
        var aborted = Self.node([3_000])
        aborted.status = .aborted
        let sum = try Self.merge([Self.node([4_000]), invalid, aborted])
        #expect(sum.load?.first?.counters.answered == 2)
        #expect(sum.status == .aborted && sum.verdict == .inconclusive)
        #expect(sum.notes?.contains { $0.contains("node-1") && $0.contains("fell behind") } == true)
        #expect(sum.fleet?.nodes[1].loads[0].invalidReason == "the generator fell behind")
    }

    @Test("sums add up to sums, with all their nodes")
    func nested() throws {
        let nodes = (0..<4).map { Self.node(Self.latencies(UInt64($0), count: 400, base: 90_000)) }
        func named(_ range: Range<Int>) -> [ResultMerge.Input] {
            range.map { ResultMerge.Input(name: "n\($0)", document: nodes[$0]) }
        }
        let halves = try [named(0..<2), named(2..<4)].map { try ResultMerge.merge($0, command: []) }
        let nested = try Self.merge(halves)
        let flat = try ResultMerge.merge(named(0..<4), command: [])
        #expect(nested.load == flat.load)
        #expect(nested.fleet == flat.fleet)
    }

    @Test("one result, one name twice, two scenarios, and nothing to add are refused")
    func refused() {
        let node = Self.node([1_000])
        #expect(throws: MergeError.tooFew) { try Self.merge([node]) }
        let twice = [ResultMerge.Input(name: "a", document: node), ResultMerge.Input(name: "a", document: node)]
        #expect(throws: MergeError.duplicateName("a")) { try ResultMerge.merge(twice, command: []) }
        #expect(throws: MergeError.differentScenario(first: "node-0", other: "node-1")) {
            try Self.merge([node, Self.node([1_000], scenario: "other")])
        }
        var empty = node
        empty.load = nil
        #expect(throws: MergeError.nothingToAdd) { try Self.merge([empty, empty]) }
    }

    @Test("machines that differ have no environment in common, those that are alike keep it")
    func environment() throws {
        let one = Self.node([1_000])
        var other = one
        other.environment.kernel = "5.10.0"
        other.environment.fingerprint = SHA256.hexadecimal(of: [1])
        #expect(try Self.merge([one, one]).environment == one.environment)
        let mixed = try Self.merge([one, other]).environment
        #expect(mixed.kernel == "mixed" && mixed.arch == one.environment.arch)
        #expect(![one.environment.fingerprint, other.environment.fingerprint].contains(mixed.fingerprint))
        #expect(try Self.merge([other, one]).environment.fingerprint == mixed.fingerprint)
    }
}
