import Results
import Scenario
import Testing

@testable import Harness

@Suite("Copies for the gate's self-test")
struct GateMutationTests {
    private static let sample = GateSample.document()

    @Test(
        "a metric that was changed leaves a document that agrees with itself",
        arguments: [
            "cache.p50", "cache.loss", "cache.timed_out", "cache.unsent", "cache.send_errors", "cache.interrupted",
            "cache.mismatched", "cache.malformed", "cache.late", "cache.achieved_qps", "cache.offered_qps",
            "cache.answered", "cache.rcode.SERVFAIL", "cache.rcode.NOERROR", "checks.fail", "checks.total",
            "checks.pass",
            "check.HDR-01", "proof.cache", "capture.drops", "capture.messages", "capture.unanswered", "upstream.udp",
            "ledger.hits", "ledger.hit_ratio", "comparison.p50.ratio", "comparison.loss.verdict",
            "comparison.achieved_qps.ratio",
        ]
    )
    func consistent(metric: String) throws {
        var changes = 0
        for direction in GateMutation.Direction.allCases {
            for strength in [0, 3] {
                let mutation = GateMutation(metric: metric, direction: direction)
                guard var copy = mutation.apply(to: Self.sample, strength: strength) else { continue }
                changes += 1
                (copy.verdict, copy.reasons) = VerdictRule.judge(copy, isStrict: false)
                #expect(ResultVerification.findings(in: copy) == [], "\(metric) \(direction) \(strength)")
                let before = GateFacts.facts(Self.sample)[metric]
                let after = GateFacts.facts(copy)[metric]
                #expect(before == nil || before != after || direction == .down, "\(metric) \(direction) \(strength)")
            }
        }
        #expect(changes > 0)
    }

    @Test("what the document does not have cannot be changed")
    func absent() {
        var bare = Self.sample
        bare.load = nil
        bare.checks = nil
        bare.capture = nil
        bare.comparison = nil
        for metric in [
            "cache.p50", "checks.fail", "check.HDR-01", "proof.cache", "capture.drops", "upstream.udp",
            "comparison.p50.ratio", "doctor.fail", "nobody.p50", "nonsense",
        ] {
            for direction in GateMutation.Direction.allCases {
                #expect(GateMutation(metric: metric, direction: direction).apply(to: bare, strength: 0) == nil)
            }
        }
    }
}
