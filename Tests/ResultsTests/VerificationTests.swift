import Measure
import Testing

@testable import Results

@Suite("Verification of results")
struct VerificationTests {
    @Test(
        "a document whose figures follow from its counts has no finding",
        arguments: [SampleDocument.Outcome.pass, .fail]
    )
    func consistent(outcome: SampleDocument.Outcome) {
        #expect(ResultVerification.findings(in: SampleDocument.make(outcome)) == [])
    }

    /// One change to a document, and the place that must be named.
    struct Tampering: Sendable, CustomStringConvertible {
        let place: String
        let change: @Sendable (inout ResultDocument) -> Void
        var description: String { place }
    }

    static let tamperings: [Tampering] = [
        Tampering(place: "load[0].latency_ns.response.p99") { $0.load?[0].latency.response.p99 /= 2 },
        Tampering(place: "load[0].latency_ns.service.mean") { $0.load?[0].latency.service.mean += 10_000 },
        Tampering(place: "load[1].latency_ns.send_lag.max") { $0.load?[1].latency.sendLag.max *= 2 },
        Tampering(place: "load[0].latency_ns.response.hdr") { $0.load?[0].latency.response.hdr = "HISTFAAA" },
        Tampering(place: "load[0].latency_ns.response.count") { $0.load?[0].latency.response.count += 1 },
        Tampering(place: "load[0].counters") { $0.load?[0].counters.unsent += 1 },
        Tampering(place: "load[0].counters") { $0.load?[0].counters.unsent = .max },
        Tampering(place: "load[0].rcodes") { $0.load?[0].rcodes["SERVFAIL"] = 3 },
        Tampering(place: "load[1].achieved_qps") { $0.load?[1].achievedQPS *= 1.1 },
        Tampering(place: "load[1].series") { $0.load?[1].series?.sent.removeLast() },
        Tampering(place: "load[1].series") { $0.load?[1].series?.p90?.removeLast() },
        Tampering(place: "load[1].series") { $0.load?[1].series?.max?.removeLast() },
        Tampering(place: "load[1].series") { $0.load?[1].series?.serviceHDR?.removeLast() },
        Tampering(place: "load[0].series") { $0.load?[0].series?.heat = LatencyHeat(rows: 3) },
        Tampering(place: "load[0].series.heat") { $0.load?[0].series?.heat = LatencyHeat(rows: 20) },
        Tampering(place: "load[0].series.heat") { document in
            let moved = document.load?[0].series?.heat?.boundsNanoseconds.map { $0 * 2 } ?? []
            document.load?[0].series?.heat?.boundsNanoseconds = moved
        },
        Tampering(place: "load[0].series.heat") { $0.load?[0].series?.heat?.counts[4].removeLast() },
        Tampering(place: "load[1].series.response_hdr") { $0.load?[1].series?.responseHDR?[3] = nil },
        Tampering(place: "load[1].series.service_hdr[4]") { $0.load?[1].series?.serviceHDR?[4] = "HISTFAAA" },
        Tampering(place: "load[1].series") { $0.load?[1].series?.lookups = [1] },
        Tampering(place: "load[1].series.lookup_response_hdr") {
            $0.load?[1].series?.lookupResponseHDR = Array(repeating: nil, count: 20)
        },
        Tampering(place: "load[1].series.lookup_service_hdr[19]") {
            $0.load?[1].series?.lookupServiceHDR = Array(repeating: nil, count: 19) + ["HISTFAAA"]
        },
        Tampering(place: "load[0].series.lookup_service_hdr") {
            $0.load?[0].series?.lookupServiceHDR = Array(repeating: nil, count: 20)
        },
        Tampering(place: "load[1].lookup.lookups") { $0.load?[1].lookup?.lookups.found += 1 },
        Tampering(place: "load[1].lookup.lookups") { $0.load?[1].lookup?.lookups.failed = .max },
        Tampering(place: "load[1].lookup.latency_ns.response.count") {
            $0.load?[1].lookup?.latency.response.count += 1
        },
        Tampering(place: "load[1].lookup.latency_ns.service.p50") { $0.load?[1].lookup?.latency.service.p50 /= 2 },
        Tampering(place: "load[1].lookup.amplification.by_type") { $0.load?[1].lookup?.amplification.byType["A"] = 1 },
        Tampering(place: "load[1].lookup.amplification.by_search_step") {
            $0.load?[1].lookup?.amplification.bySearchStep[1].queries += 1
        },
        Tampering(place: "load[1].lookup.amplification.wasted") { $0.load?[1].lookup?.amplification.wasted += 1 },
        Tampering(place: "load[1].lookup.amplification.abandoned") { $0.load?[1].lookup?.amplification.abandoned = 1 },
        Tampering(place: "load[1].lookup.amplification.server_switches") {
            $0.load?[1].lookup?.amplification.retries = 1
        },
        Tampering(place: "load[1].lookup.amplification.queries_per_lookup") {
            $0.load?[1].lookup?.amplification.queriesPerLookup.p50 = 10
        },
        Tampering(place: "checks") { $0.checks?[1].id = "HDR-01" },
        Tampering(place: "capture.messages") { $0.capture?.messages += 1 },
        Tampering(place: "capture.proofs[0] force-tcp") { $0.capture?.proofs[0].evidence = [] },
        Tampering(place: "capture.proofs[0] force-tcp") { $0.capture?.drops = 1 },
        Tampering(place: "capture.detail.zones[0].ttl_decay") {
            $0.capture?.detail?.zones[0].ttlDecay?[3].shownSeconds = 32
        },
        Tampering(place: "capture.detail.zones[0].ttl_decay") {
            $0.capture?.detail?.zones[0].ttlDecay?[3].ageNanoseconds = 0
        },
        Tampering(place: "gate") { $0.gate?.failed = ["cache.p99 <= 2ms"] },
        Tampering(place: "comparison.metrics[0].ratio") { $0.comparison?.metrics[0].ratio = 0.99 },
        Tampering(place: "comparison.metrics[1].ci_low") { $0.comparison?.metrics[1].ciLow? *= 0.9 },
        Tampering(place: "comparison.metrics[1].ci_high") { $0.comparison?.metrics[1].ciHigh = nil },
        Tampering(place: "comparison.metrics[1]") { $0.comparison?.metrics[1].ciHigh = 0.001 },
        Tampering(place: "comparison.metrics[2].p") { $0.comparison?.metrics[2].p = 0.5 },
        Tampering(place: "comparison.metrics[2].detectable") { $0.comparison?.metrics[2].detectable? /= 2 },
        Tampering(place: "comparison.metrics[2].pairs") { $0.comparison?.metrics[2].pairs = 20 },
        Tampering(place: "comparison.metrics[2].log_ratios[3]") {
            $0.comparison?.segments?[6].p99 += 9_000
            $0.comparison?.segments?[7].p99 -= 9_000
        },
        Tampering(place: "comparison.metrics[0].a") { $0.comparison?.metrics[0].a? += 2_000 },
        Tampering(place: "comparison.metrics[3].b") { $0.comparison?.metrics[3].b? -= 5 },
        Tampering(place: "comparison.metrics[1].p_holm") { $0.comparison?.metrics[1].pHolm = 0.9 },
        Tampering(place: "comparison.metrics[0].verdict") { $0.comparison?.metrics[0].verdict = .equivalent },
        Tampering(place: "comparison.metrics[1].verdict") { $0.comparison?.metrics[1].verdict = .regressed },
        Tampering(place: "comparison.verdict") { $0.comparison?.verdict = .regressed },
        Tampering(place: "comparison.metrics[0].margin") { $0.comparison?.metrics[0].noiseFloor = 0.5 },
        Tampering(place: "comparison.verdict") { $0.comparison?.metrics[0].verdict = .regressed },
        Tampering(place: "verdict") { $0.status = .aborted },
        Tampering(place: "verdict") { $0.verdict = .fail },
        Tampering(place: "verdict") { $0.checks?[0].status = .fail },
        Tampering(place: "verdict") { $0.gate?.outcomes?[0].verdict = .incomparable },
        Tampering(place: "verdict") { $0.capture?.proofs[1].verdict = .violated },
        Tampering(place: "ended") { $0.ended = Timestamp(realtimeNanoseconds: 0) },
    ]

    @Test("the losses of a comparison are those that the counters of its loads tell")
    func losses() {
        var document = SampleDocument.make()
        document.comparison?.metrics[4].b = 0
        #expect(ResultVerification.findings(in: document).contains { $0.place == "comparison.metrics[4].b" })
        document = SampleDocument.make()
        document.comparison?.metrics[4].p = 0.5
        #expect(ResultVerification.findings(in: document).contains { $0.place == "comparison.metrics[4].p" })
    }

    @Test("each figure that was touched is named", arguments: tamperings)
    func tampered(tampering: Tampering) {
        var document = SampleDocument.make()
        // Histograms are recomputed slowly in a debug build: only where they matter.
        if !tampering.place.hasPrefix("load"), !tampering.place.hasPrefix("comparison") { document.load = nil }
        tampering.change(&document)
        #expect(ResultVerification.findings(in: document).contains { $0.place == tampering.place })
    }
}
