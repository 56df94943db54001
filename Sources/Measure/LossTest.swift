/// Compares two loss rates by the exact conditional test: given all losses, B's are binomial.
///
/// `k_B | k_A + k_B ~ Bin(k_A + k_B, N_B / (N_A + N_B))`. Losses are rare, so that no log ratio and no normal
/// approximation will do. Source: Przyborowski and Wilenski, Biometrika 31 (1940).
package struct LossTest: Sendable, Equatable {
    /// Lost and sent queries of one target.
    package struct Losses: Sendable, Equatable {
        /// Queries that got no answer.
        package let lost: UInt64
        /// Queries that were sent.
        package let sent: UInt64

        /// Creates the counts; `lost` may not exceed `sent`.
        package init?(lost: UInt64, sent: UInt64) {
            guard lost <= sent else { return nil }
            self.lost = lost
            self.sent = sent
        }

        /// Lost queries per sent query; 0 when nothing was sent.
        package var rate: Double { sent == 0 ? 0 : Double(lost) / Double(sent) }
    }

    /// The exact two-sided p-value: the probability of all outcomes that are no likelier than this one.
    package let p: Double
    /// The exact p-value of "B loses no more than A".
    package let pAbove: Double
    /// The exact p-value of "B loses no less than A".
    package let pBelow: Double
    /// The smallest one-sided p-value that so many losses can have; 1 when nothing was lost.
    package let leastP: Double
    /// B's rate over A's, lower end of the exact 95 % interval; nil when there was no loss at all.
    package let ratioLower: Double?
    /// B's rate over A's, upper end of the interval; nil when it has none (A lost nothing).
    package let ratioUpper: Double?
    /// The smallest difference of rates, B minus A, that the counts allow.
    package let differenceLower: Double
    /// The largest difference of rates, B minus A, that the counts allow.
    package let differenceUpper: Double

    /// Tests A against B; nil when either sent nothing.
    package init?(a: Losses, b: Losses, confidence: Double = 0.95) {
        guard a.sent > 0, b.sent > 0 else { return nil }
        let losses = a.lost + b.lost
        let share = Double(b.sent) / Double(a.sent + b.sent)
        let binomial = Binomial(trials: losses, probability: share)
        p = binomial.twoSidedP(observed: b.lost)
        pAbove = binomial.atLeast(b.lost)
        pBelow = binomial.atMost(b.lost)
        leastP = losses == 0 ? 1 : min(binomial.atLeast(losses), binomial.atMost(0))
        let tail = (1 - confidence) / 2
        if losses == 0 {
            ratioLower = nil
            ratioUpper = nil
        } else {
            let odds = Double(a.sent) / Double(b.sent)
            let low = Binomial.lowerBound(successes: b.lost, trials: losses, tail: tail)
            let high = Binomial.upperBound(successes: b.lost, trials: losses, tail: tail)
            ratioLower = low / (1 - low) * odds
            ratioUpper = high < 1 ? high / (1 - high) * odds : nil
        }
        // Each rate's exact interval, combined as Newcombe combines Wilson's: distances to the estimate add in squares.
        let lowA = a.rate - Binomial.lowerBound(successes: a.lost, trials: a.sent, tail: tail)
        let highA = Binomial.upperBound(successes: a.lost, trials: a.sent, tail: tail) - a.rate
        let lowB = b.rate - Binomial.lowerBound(successes: b.lost, trials: b.sent, tail: tail)
        let highB = Binomial.upperBound(successes: b.lost, trials: b.sent, tail: tail) - b.rate
        differenceLower = b.rate - a.rate - (lowB * lowB + highA * highA).squareRoot()
        differenceUpper = b.rate - a.rate + (highB * highB + lowA * lowA).squareRoot()
    }
}
