import Capture
import DNSBench
import DNSWire
import Lab
import LinuxNet
import Measure
import Results
import Testing

@testable import Harness
@testable import Scenario

@Suite("A comparison of two servers", .serialized, .timeLimit(.minutes(3)))
struct CompareStageTests {
    /// Compares two targets as the settings of a compare step say; `b` is another echo unless it is the same.
    private func compare(
        _ settings: String,
        isSelf: Bool = false,
        stop: StopFlag = StopFlag()
    ) async throws -> CompareStage.Outcome {
        let echoes = try (0..<2).map { _ in
            try EchoResponder(EchoOptions(endpoint: Endpoint(address: .v4(0x7f00_0001), port: 0)))
        }
        defer { for echo in echoes { echo.finish() } }
        let text = """
            version: 1
            id: pairs
            title: Pairs
            targets:
              a: { address: "\(echoes[0].endpoint)", role: cluster }
              b: { address: "\(echoes[isSelf ? 0 : 1].endpoint)", role: cluster }
            steps:
              - compare: { a: a, b: b, segment: 200ms, settle: 50ms, warmup: 0s, rate: 400/s, \(settings) }
            """
        let plan = try Scenario.parse(Array(text.utf8), file: "pairs.yaml")
        guard case .compare(let step)? = plan.steps.first else { throw ScenarioError.invalid([]) }
        let site = Site.node(plan: plan, corefile: nil, roles: .init())
        let workload = try Workload.queries(
            (0..<100).map { WorkloadQuery(name: try DNSName("n\($0).example."), type: .a) },
            popularity: .sequential,
            seed: 3,
            missShare: step.cacheState == .cold ? 1 : 0
        )
        return try await CompareStage(site: site, seed: 3).run(
            step,
            a: plan.targets[0],
            b: plan.targets[1],
            workload: workload,
            digest: "n 1",
            stop: stop,
            progress: ProgressReporter(isQuiet: true)
        )
    }

    @Test(
        "a fixed number of pairs is measured in ABBA order, and every segment is told",
        arguments: ["warm", "cold", "mixed"]
    )
    func course(state: String) async throws {
        let outcome = try await compare("pairs: 6, cache: \(state), gate: [p50], margins: { p50: 1000%/1s }")
        let record = try #require(outcome.comparison)
        let design = try #require(record.design)
        #expect(design.cache == state && !design.isSelf && design.looks.map(\.pairs) == [6])
        let pairs = try #require(record.pairs)
        let discarded = try #require(record.discardedPairs)
        // On a busy machine pairs are left out; then the run ends when they are too many.
        #expect(pairs == 6 || discarded > 1)
        let order = try #require(record.order)
        #expect(order.count == pairs + discarded)
        #expect(zip(order, order.dropFirst()).enumerated().allSatisfy { $0 % 2 == 1 || $1.0 != $1.1 })
        let segments = try #require(record.segments)
        #expect(segments.count == 2 * order.count)
        for (index, turn) in order.enumerated() {
            let both = segments.filter { $0.pair == index }.map(\.target)
            #expect(both == (turn == "AB" ? ["a", "b"] : ["b", "a"]))
        }
        #expect(record.discards?.reduce(0) { $0 + $1.pairs } ?? 0 >= discarded)
        #expect(outcome.loads.allSatisfy { $0.counters.scheduled == UInt64(80 * pairs) })
        if pairs == 6 { #expect(record.verdict == .equivalent) }
    }

    @Test("one server compared with itself is known for it")
    func selfComparison() async throws {
        let record = try await compare("pairs: 1", isSelf: true).comparison
        #expect(record?.design?.isSelf == true)
        #expect(record?.verdict == nil, "nothing is gated")
    }

    @Test("a run that is stopped keeps its pairs and decides nothing")
    func stopped() async throws {
        let stop = StopFlag()
        let stopper = Task {
            try await Task.sleep(nanoseconds: 3_000_000_000)
            stop.raise()
        }
        let outcome = try await compare("pairs: 1000, gate: [p50]", stop: stop)
        stopper.cancel()
        let record = try #require(outcome.comparison)
        #expect(try #require(record.pairs) + (record.discardedPairs ?? 0) > 0)
        #expect(record.metrics.allSatisfy { [.inconclusive, .incomparable].contains($0.verdict) })
        #expect(record.segments?.isEmpty == false)
    }
}
