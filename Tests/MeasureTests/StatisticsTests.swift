import Testing

@testable import Measure

@Suite("Statistics against scipy")
struct StatisticsTests {
    @Test("Hodges–Lehmann, interval, achieved confidence and exact p agree", arguments: SignedRankVector.all)
    func signedRank(vector: SignedRankVector) throws {
        let estimate = try #require(SignedRankEstimate(differences: vector.differences))
        #expect(abs(estimate.estimate - vector.estimate) < 1e-12)
        #expect(abs(estimate.lower - vector.lower) < 1e-12)
        #expect(abs(estimate.upper - vector.upper) < 1e-12)
        #expect(abs(estimate.achievedConfidence - vector.confidence) < 1e-12)
        #expect(abs(estimate.p - vector.p) < 1e-12)
    }

    @Test("nothing, or something infinite, has no estimate")
    func noEstimate() {
        #expect(SignedRankEstimate(differences: []) == nil)
        #expect(SignedRankEstimate(differences: [1, .nan]) == nil)
    }

    @Test("the exact loss test and its intervals agree", arguments: LossVector.all)
    func loss(vector: LossVector) throws {
        let a = try #require(LossTest.Losses(lost: vector.lostA, sent: vector.sentA))
        let b = try #require(LossTest.Losses(lost: vector.lostB, sent: vector.sentB))
        let test = try #require(LossTest(a: a, b: b))
        #expect(Self.agree(test.p, vector.p))
        #expect(Self.agree(test.ratioLower, vector.ratioLower))
        #expect(Self.agree(test.ratioUpper, vector.ratioUpper))
        #expect(abs(test.differenceLower - vector.differenceLower) < 1e-9)
        #expect(abs(test.differenceUpper - vector.differenceUpper) < 1e-9)
    }

    private static func agree(_ ours: Double?, _ theirs: Double?) -> Bool {
        guard let ours, let theirs else { return ours == nil && theirs == nil }
        return abs(ours - theirs) <= 1e-7 * max(abs(theirs), 1e-250)
    }

    @Test("impossible losses are refused")
    func impossibleLosses() throws {
        #expect(LossTest.Losses(lost: 2, sent: 1) == nil)
        let none = try #require(LossTest.Losses(lost: 0, sent: 0))
        let some = try #require(LossTest.Losses(lost: 0, sent: 1))
        #expect(LossTest(a: none, b: some) == nil)
    }

    @Test("Holm's correction steps down and never decreases")
    func holm() {
        // R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")
        let adjusted = HolmAdjustment.adjust([0.01, 0.04, 0.03, 0.005])
        for (ours, expected) in zip(adjusted, [0.03, 0.06, 0.06, 0.02]) {
            #expect(abs(ours - expected) < 1e-12)
        }
        #expect(HolmAdjustment.adjust([]).isEmpty)
        #expect(HolmAdjustment.adjust([0.9, 0.8]) == [1, 1])
    }
}
