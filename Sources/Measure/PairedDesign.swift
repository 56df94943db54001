/// How many pairs a comparison takes: looks at which it may end, each with its share of the error rate.
///
/// Whoever looks again and again at growing data finds something in the end. Here the looks are fixed before the run and
/// their levels add up to that of the whole (Bonferroni), so that all looks together raise no more false alarms than one
/// would. The last look has two thirds of it, since it is the one that noisy data come to.
package struct PairedDesign: Sendable, Equatable {
    /// One look at the pairs so far.
    package struct Look: Sendable, Equatable {
        /// Pairs that count by then.
        package let pairs: Int
        /// The level of this look: one minus the confidence of its intervals.
        package let level: Double
    }

    /// The looks in their order; never empty.
    package let looks: [Look]

    /// Pairs that count when nothing is decided before.
    package var maximumPairs: Int { looks[looks.count - 1].pairs }

    /// Most pairs that are begun: a run of which more than one pair in five is left out decides nothing.
    package var attempts: Int { maximumPairs + maximumPairs / 4 + 1 }

    /// A look at two thirds of `pairs`, one at `pairs` and one at `maximumPairs`; a single one when both are equal.
    ///
    /// Looks with too few pairs for an interval of their confidence are left out.
    package init(pairs: Int, maximumPairs: Int, level: Double = 0.05) {
        let last = max(pairs, maximumPairs, 1)
        var early = pairs < last ? [(pairs * 2 + 2) / 3, pairs] : []
        // The widest interval of n pairs has the confidence 1 − 2^(1 − n).
        func share() -> Double { level / 3 / Double(early.count) }
        while let least = early.first, 1 / Double(UInt64(1) << UInt64(min(max(least, 1), 60) - 1)) > share() {
            early.removeFirst()
        }
        looks =
            early.map { Look(pairs: $0, level: share()) }
            + [Look(pairs: last, level: early.isEmpty ? level : level * 2 / 3)]
    }

    /// The look that is due when so many pairs count; nil between looks.
    package func look(after pairs: Int) -> Look? { looks.first { $0.pairs == pairs } }

    /// Whether the pairs suffice: something is worse, or every metric that the verdict rests on is decided.
    package static func isDecided(_ comparisons: [MetricComparison]) -> Bool {
        let gated = comparisons.filter(\.isGated)
        return gated.contains { $0.verdict == .regressed }
            || gated.allSatisfy { [.improved, .equivalent].contains($0.verdict) }
    }
}
