import LinuxNet
import Measure
import Testing

@testable import DNSBench

@Suite("Histograms of intervals", .serialized, .timeLimit(.minutes(2)))
struct IntervalHistogramTests {
    /// Compared bucket by bucket, as the text keeps no more.
    private func reread(_ histogram: LatencyHistogram) throws -> [LatencyHistogram.Bucket] {
        try LatencyHistogram(hdrText: histogram.hdrText).buckets
    }

    private func sum(_ texts: [String?]) throws -> [LatencyHistogram.Bucket] {
        var sum = LatencyHistogram()
        for text in texts { if let text { sum.merge(try LatencyHistogram(hdrText: text)) } }
        return sum.buckets
    }

    private func run(_ transport: LoadTransport, threads: Int, keeps: Bool) async throws -> LoadResult {
        let responder = try Responder(Misbehaviour(dropsEvery: transport == .udp ? 50 : nil))
        defer { responder.finish() }
        var plan = LoadPlan(
            target: transport == .udp ? responder.udp : responder.tcp,
            transport: transport,
            model: .open(ratePerSecond: 3_000),
            limit: .duration(nanoseconds: 700_000_000),
            timeoutNanoseconds: 150_000_000,
            connections: 4,
            threads: threads,
            seed: 7,
            intervalNanoseconds: 100_000_000
        )
        plan.keepsIntervalHistograms = keeps
        return try await LoadEngine.run(plan, try numberedWorkload(), stop: StopFlag())
    }

    @Test("They add up to the histograms of the run", arguments: [LoadTransport.udp, .tcp], [1, 2])
    func sums(transport: LoadTransport, threads: Int) async throws {
        let result = try await run(transport, threads: threads, keeps: true)
        #expect(result.counters.answered > 1_000 && result.series.count >= 5)
        #expect(try sum(result.series.map(\.responseText)) == reread(result.response))
        #expect(try sum(result.series.map(\.serviceText)) == reread(result.service))
        for entry in result.series {
            #expect((entry.responseText != nil) == (entry.answered > 0))
            let text = try entry.responseText.map { try LatencyHistogram(hdrText: $0) }
            #expect(text?.count ?? 0 <= entry.answered)
            #expect(text.map { $0.areEquivalent($0.value(percentile: 99), entry.p99) } ?? true)
        }
    }

    @Test("Those of lookups add up to the histograms of the run's lookups", arguments: [true, false])
    func lookups(keeps: Bool) async throws {
        let server = try LookupServer { _ in .address }
        defer { server.finish() }
        let settings = quickSettings(.glibc, [server], search: [])
        let workload = try Workload.lookups([try LookupName("a.example")], settings: settings, seed: 1)
        var plan = LoadPlan(
            target: server.endpoint,
            model: .open(ratePerSecond: 500),
            limit: .duration(nanoseconds: 500_000_000),
            connections: 2,
            threads: 2,
            intervalNanoseconds: 100_000_000
        )
        plan.keepsIntervalHistograms = keeps
        let result = try await LoadEngine.run(plan, workload, stop: StopFlag())
        let lookup = try #require(result.lookup)
        #expect(lookup.counters.found == 250 && result.series.count >= 4)
        #expect(result.series.compactMap(\.lookups).reduce(0, +) == 250)
        let texts = result.series.map(\.lookupResponseText)
        #expect(texts.contains { $0 != nil } == keeps)
        guard keeps else { return }
        #expect(try sum(texts) == reread(lookup.response))
        #expect(try sum(result.series.map(\.lookupServiceText)) == reread(lookup.service))
        #expect(result.series.allSatisfy { ($0.lookupResponseText != nil) == ($0.lookups ?? 0 > 0) })
    }

    @Test("Nobody pays for them who did not ask")
    func unasked() async throws {
        let result = try await run(.udp, threads: 1, keeps: false)
        #expect(result.series.allSatisfy { $0.responseText == nil && $0.serviceText == nil })
        let slot = IntervalSlot(keepsService: false)
        #expect(slot.service == nil)
    }

    @Test("A series too long for a text each joins neighbours and loses nothing", arguments: [1, 2, 7, 8])
    func joined(most: Int) throws {
        var texts = IntervalTexts(most: most)
        var rows: [LoadInterval] = []
        var response = LatencyHistogram()
        var service = LatencyHistogram()
        for index in 0..<60 {
            var own = (response: LatencyHistogram(), service: LatencyHistogram())
            if index % 10 != 9 {
                for value in 1...3 {
                    own.response.record(Int64(index * 1_000 + value))
                    own.service.record(Int64(index * 500 + value))
                }
            }
            response.merge(own.response)
            service.merge(own.service)
            rows.append(
                LoadInterval(
                    startNanoseconds: Int64(index),
                    durationNanoseconds: 1,
                    sent: 3,
                    answered: own.response.count,
                    timedOut: 0,
                    p50: 0,
                    p90: 0,
                    p99: 0,
                    p99_9: 0,
                    max: 0
                )
            )
            texts.keep(response: own.response, service: own.service, at: index, in: &rows)
            #expect(rows.count { $0.responseText != nil } <= most)
        }
        #expect(rows.count { $0.responseText != nil } == most && rows.count { $0.serviceText != nil } == most)
        #expect(try sum(rows.map(\.responseText)) == reread(response))
        #expect(try sum(rows.map(\.serviceText)) == reread(service))
        // What is joined is neighbours: values rise with the rows, so the texts must not overlap.
        let ranges = try rows.compactMap(\.responseText).map { try LatencyHistogram(hdrText: $0) }
        for (earlier, later) in zip(ranges, ranges.dropFirst()) { #expect(earlier.max <= later.min) }
        // Three latencies a row, and 54 rows with any.
        let longest = ranges.map(\.count).max() ?? 0
        #expect(longest <= UInt64(3 * 2 * 54 / most))
    }
}
