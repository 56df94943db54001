/// The exact null distribution of Wilcoxon's signed-rank statistic for given ranks, ties included.
///
/// Under the null hypothesis each rank carries either sign with probability 1/2. Ranks are held doubled, so that the
/// mean ranks of ties are whole numbers.
struct SignedRankDistribution {
    /// `cumulative[t]` is the probability that twice the sum of positive ranks is at most `t`.
    private let cumulative: [Double]

    /// The distribution of ranks 1 … `count` without ties.
    init(count: Int) {
        self.init(doubledRanks: (1...max(count, 1)).prefix(count).map { $0 * 2 })
    }

    /// The distribution of the given doubled ranks.
    init(doubledRanks: [Int]) {
        let total = doubledRanks.reduce(0, +)
        var probability = [Double](repeating: 0, count: total + 1)
        probability[0] = 1
        var reached = 0
        for rank in doubledRanks {
            for sum in stride(from: reached, through: 0, by: -1) where probability[sum] > 0 {
                let half = probability[sum] / 2
                probability[sum] = half
                probability[sum + rank] += half
            }
            reached += rank
        }
        var sum = 0.0
        cumulative = probability.map { term in
            sum += term
            return min(sum, 1)
        }
    }

    /// The probability that the doubled statistic is at most `doubled`.
    func probability(atMost doubled: Int) -> Double {
        guard doubled >= 0 else { return 0 }
        return doubled < cumulative.count ? cumulative[doubled] : 1
    }

    /// The probability that the doubled statistic is at least `doubled`.
    func probability(atLeast doubled: Int) -> Double {
        // The distribution is symmetric about half its total, so that an upper tail is a lower one.
        probability(atMost: cumulative.count - 1 - doubled)
    }
}
