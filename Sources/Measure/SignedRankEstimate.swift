/// The location of paired differences: Hodges–Lehmann estimate, exact signed-rank interval and exact p-value.
///
/// `HL = median{(d_i + d_j)/2 : i ≤ j}`; with the M Walsh averages in order, `[W_(k), W_(M+1−k)]` is the interval and
/// the largest k with `2·P(T⁺ ≤ k−1) ≤ 1 − confidence` gives it. Source: Hollander, Wolfe and Chicken, *Nonparametric
/// Statistical Methods*, 3rd edition, sections 3.1–3.3.
package struct SignedRankEstimate: Sendable, Equatable {
    /// How many differences went in.
    package let count: Int
    /// The Hodges–Lehmann estimate.
    package let estimate: Double
    /// The lower end of the interval.
    package let lower: Double
    /// The upper end of the interval.
    package let upper: Double
    /// The confidence that the interval really has; at least the one asked for, unless there are too few differences.
    package let achievedConfidence: Double
    /// The exact two-sided p-value of "no difference"; differences of zero are left out of the ranks (Wilcoxon).
    package let p: Double
    /// The exact p-value of "not above 0": small when the differences are above it.
    package let pAbove: Double
    /// The exact p-value of "not below 0".
    package let pBelow: Double
    /// The smallest one-sided p-value that so many differences other than zero can have.
    package let leastP: Double

    /// Estimates from at least one finite difference; nil when there is none.
    ///
    /// Five differences or fewer reach no confidence of 95 %: then the widest interval comes back, with the confidence
    /// that it has.
    package init?(differences: [Double], confidence: Double = 0.95) {
        guard !differences.isEmpty, differences.allSatisfy(\.isFinite) else { return nil }
        count = differences.count
        var averages: [Double] = []
        averages.reserveCapacity(count * (count + 1) / 2)
        for (index, first) in differences.enumerated() {
            for second in differences[index...] {
                averages.append((first + second) / 2)
            }
        }
        averages.sort()
        let middle = averages.count / 2
        estimate = averages.count % 2 == 1 ? averages[middle] : (averages[middle - 1] + averages[middle]) / 2

        let distribution = SignedRankDistribution(count: count)
        let allowed = 1 - confidence
        var rank = 1
        while rank < middle, 2 * distribution.probability(atMost: 2 * rank) <= allowed {
            rank += 1
        }
        lower = averages[rank - 1]
        upper = averages[averages.count - rank]
        achievedConfidence = max(0, 1 - 2 * distribution.probability(atMost: 2 * (rank - 1)))
        (pAbove, pBelow, leastP) = Self.tails(of: differences)
        p = min(1, 2 * min(pAbove, pBelow))
    }

    private static func tails(of differences: [Double]) -> (above: Double, below: Double, least: Double) {
        let ordered = differences.filter { $0 != 0 }.sorted { $0.magnitude < $1.magnitude }
        guard !ordered.isEmpty else { return (1, 1, 1) }
        var doubledRanks: [Int] = []
        var observed = 0
        var start = 0
        while start < ordered.count {
            var end = start
            while end < ordered.count, ordered[end].magnitude == ordered[start].magnitude { end += 1 }
            let doubledRank = start + 1 + end
            for difference in ordered[start..<end] {
                doubledRanks.append(doubledRank)
                if difference > 0 { observed += doubledRank }
            }
            start = end
        }
        let distribution = SignedRankDistribution(doubledRanks: doubledRanks)
        return (
            distribution.probability(atLeast: observed), distribution.probability(atMost: observed),
            distribution.probability(atMost: 0)
        )
    }
}
