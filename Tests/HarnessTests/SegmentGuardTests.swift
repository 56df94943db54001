import DNSWire
import Measure
import Results
import Scenario
import Testing

@testable import DNSBench
@testable import Harness

@Suite("Segments that measured the machine")
struct SegmentGuardTests {
    /// A segment of 1,000 queries, answered after `latency`, each sent `lag` too late.
    private func segment(
        latency: Int64 = 2_000_000,
        lag: Int64 = 5_000,
        answers: Int = 1_000,
        busy: Int64 = 100,
        transport: DNSBench.LoadTransport = .udp,
        rxDropped: UInt64 = 0,
        clockSteps: UInt64 = 0,
        wasInterrupted: Bool = false,
        invalidReason: String? = nil,
        _ change: (inout DNSBench.LoadCounters) -> Void = { _ in }
    ) -> LoadResult {
        var counters = DNSBench.LoadCounters()
        counters.scheduled = 1_000
        counters.sent = 1_000
        counters.answered = 1_000
        change(&counters)
        var response = LatencyHistogram()
        var sendLag = LatencyHistogram()
        for _ in 0..<answers { response.record(latency) }
        for _ in 0..<1_000 { sendLag.record(lag) }
        return LoadResult(
            targetName: "a",
            target: Endpoint(address: .v4(0x7f00_0001), port: 53),
            phase: "compare",
            transport: transport,
            offeredQueriesPerSecond: 1_000,
            achievedQueriesPerSecond: 1_000,
            durationNanoseconds: 1_000_000_000,
            counters: counters,
            rcodes: [.noError: 900, .servFail: 60, .refused: 40],
            response: response,
            service: response,
            sendLag: sendLag,
            clientLag: LatencyHistogram(),
            transmitLag: LatencyHistogram(),
            connectTime: LatencyHistogram(),
            laneNanoseconds: 1_000,
            busyNanoseconds: busy,
            clientCPUNanoseconds: 1,
            peakRSSBytes: 1,
            rxDropped: rxDropped,
            clockSteps: clockSteps,
            intervalNanoseconds: 1_000_000_000,
            series: [],
            verification: .question,
            faultExamples: [],
            usedSegmentation: false,
            lookup: nil,
            wasInterrupted: wasInterrupted,
            invalidReason: invalidReason
        )
    }

    @Test("a segment without a fault counts, and one that was cut short is no fault of the machine")
    func sound() {
        #expect(SegmentGuard.faults(of: segment(), ProcessorShares(stolen: 0.02, others: 0.1), neighbours: 0.1).isEmpty)
        #expect(
            SegmentGuard.faults(of: segment(rxDropped: 3, wasInterrupted: true), ProcessorShares(), neighbours: 0.1)
                .isEmpty
        )
        // Less than 100 µs late harms no comparison, however short the latency.
        #expect(
            SegmentGuard.faults(of: segment(latency: 50_000, lag: 90_000), ProcessorShares(), neighbours: 0.1).isEmpty
        )
        // A server that takes connections away keeps queries from being sent, and these are its loss.
        let closed = segment(transport: .tcp) { counters in
            (counters.sent, counters.answered, counters.unsent) = (400, 400, 600)
        }
        #expect(SegmentGuard.faults(of: closed, ProcessorShares(), neighbours: 0.1).isEmpty)
        #expect(closed.failedShare == 0.7)
        #expect(SegmentGuard.faults(of: segment(lag: 250_000, answers: 0), ProcessorShares(), neighbours: 0.1).isEmpty)
    }

    @Test("each fault is told by its name")
    func faults() {
        let quiet = ProcessorShares()
        let cases: [(SegmentFault, LoadResult, ProcessorShares)] = [
            (.generatorBehind, segment(lag: 250_000), quiet),
            (.generatorBehind, segment(invalidReason: "behind"), quiet), (.generatorBusy, segment(busy: 900), quiet),
            (.receiveDrops, segment(rxDropped: 1), quiet), (.ownLoss, segment { $0.unsent = 1 }, quiet),
            (.ownLoss, segment { $0.sendErrors = 1 }, quiet), (.clockStep, segment(clockSteps: 1), quiet),
            (.clockStep, segment { $0.unclocked = 1 }, quiet), (.stolenTime, segment(), ProcessorShares(stolen: 0.03)),
            (.crowded, segment(), ProcessorShares(others: 0.11)),
        ]
        for (fault, result, shares) in cases {
            #expect(SegmentGuard.faults(of: result, shares, neighbours: 0.1) == [fault])
            #expect(SegmentGuard.reason([fault], result, shares).hasPrefix(fault.words))
        }
        #expect(Set(cases.map(\.0)) == Set(SegmentFault.allCases))
    }

    @Test("an answer that says that the server failed is as good as none")
    func useful() {
        let result = segment { $0.answered = 990 }
        #expect(result.usefulAnswers == 890)
        #expect(result.failedShare == 0.11)
    }

    @Test("a percentile that a segment has too few answers for is no value, and a metric without any is incomparable")
    func support() throws {
        var evidence = PairEvidence(.init(gated: [.p50, .p99_9]))
        for _ in 0..<8 { evidence.add(a: segment(latency: 2_000_000), b: segment(latency: 3_000_000)) }
        let found = evidence.compare(level: 0.05, isPlanned: true)
        let verdicts = Dictionary(uniqueKeysWithValues: found.map { ($0.metric, $0.verdict) })
        #expect(verdicts[.p50] == .regressed && verdicts[.p99] == .regressed && verdicts[.p99_9] == .incomparable)
        // 100 of 1,000 answers are failures on either side.
        #expect(found.first { $0.metric == .loss }?.a == 0.1)
        evidence.discard([.clockStep, .stolenTime])
        evidence.discard([.clockStep])
        #expect(evidence.discarded == 2 && evidence.discards == [.clockStep: 2, .stolenTime: 1])
        evidence.discard([.clockStep])
        #expect(evidence.compare(level: 0.05, isPlanned: true).first { $0.metric == .p50 }?.verdict == .inconclusive)
    }
}
