import Glibc

/// Exact binomial probabilities, summed over the terms that matter.
struct Binomial {
    /// Number of trials.
    let trials: UInt64
    /// Probability of success in each.
    let probability: Double

    /// Natural logarithm of P(X = k).
    private func logMass(_ successes: UInt64) -> Double {
        let n = Double(trials)
        let k = Double(successes)
        if probability <= 0 { return successes == 0 ? 0 : -.infinity }
        if probability >= 1 { return successes == trials ? 0 : -.infinity }
        return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(probability) + (n - k) * log1p(-probability)
    }

    /// P(X ≤ k).
    func atMost(_ successes: UInt64) -> Double {
        guard successes < trials else { return 1 }
        return sum(from: successes, step: -1)
    }

    /// P(X ≥ k).
    func atLeast(_ successes: UInt64) -> Double {
        guard successes > 0 else { return 1 }
        return sum(from: successes, step: 1)
    }

    /// Sums P(X = k) from `start` outwards until the terms no longer count.
    private func sum(from start: UInt64, step: Int64) -> Double {
        let mode = UInt64(min(Double(trials), (Double(trials) * probability).rounded(.down)))
        // A tail that holds the mode is summed from its other side: the complement is shorter and exact.
        if step < 0, start > mode {
            return 1
                - (start == trials ? 0 : Self(trials: trials, probability: probability).sum(from: start + 1, step: 1))
        }
        if step > 0, start < mode {
            return 1 - (start == 0 ? 0 : sum(from: start - 1, step: -1))
        }
        var total = 0.0
        var current = start
        let largest = logMass(start)
        while true {
            let term = exp(logMass(current))
            total += term
            if term < total * 1e-17 || logMass(current) < largest - 80 { break }
            if step < 0 {
                if current == 0 { break }
                current -= 1
            } else {
                if current == trials { break }
                current += 1
            }
        }
        return min(total, 1)
    }

    /// The two-sided p-value: the probability of all outcomes that are no likelier than `observed`.
    func twoSidedP(observed: UInt64) -> Double {
        guard trials > 0 else { return 1 }
        // Equal likelihoods must not be split by rounding; 1e-7 is what R and scipy allow.
        let limit = logMass(observed) + log1p(1e-7)
        let mean = Double(trials) * probability
        if Double(observed) == mean { return 1 }
        let mode = min(UInt64((Double(trials + 1) * probability).rounded(.down)), trials)
        if Double(observed) < mean {
            let other = firstAtMost(limit, in: mode...trials, rising: false)
            return min(1, atMost(observed) + (other.map { atLeast($0) } ?? 0))
        }
        let other = firstAtMost(limit, in: 0...mode, rising: true)
        return min(1, atLeast(observed) + (other.map { atMost($0) } ?? 0))
    }

    /// On the far side of the mode, the outcome nearest to the mode whose likelihood is at most `limit`.
    private func firstAtMost(_ limit: Double, in range: ClosedRange<UInt64>, rising: Bool) -> UInt64? {
        var low = range.lowerBound
        var high = range.upperBound
        if logMass(rising ? low : high) > limit { return nil }
        while low < high {
            if rising {
                let middle = high - (high - low) / 2
                if logMass(middle) <= limit { low = middle } else { high = middle - 1 }
            } else {
                let middle = low + (high - low) / 2
                if logMass(middle) <= limit { high = middle } else { low = middle + 1 }
            }
        }
        return low
    }

    /// The smallest success probability that keeps P(X ≥ successes) above `tail` (Clopper–Pearson).
    static func lowerBound(successes: UInt64, trials: UInt64, tail: Double) -> Double {
        guard successes > 0 else { return 0 }
        return bisect { Binomial(trials: trials, probability: $0).atLeast(successes) < tail }
    }

    /// The largest success probability that keeps P(X ≤ successes) above `tail` (Clopper–Pearson).
    static func upperBound(successes: UInt64, trials: UInt64, tail: Double) -> Double {
        guard successes < trials else { return 1 }
        return bisect { Binomial(trials: trials, probability: $0).atMost(successes) >= tail }
    }

    /// The point in 0 … 1 at which `isBelow` turns from true to false.
    private static func bisect(_ isBelow: (Double) -> Bool) -> Double {
        var low = 0.0
        var high = 1.0
        for _ in 0..<200 {
            let middle = (low + high) / 2
            if middle == low || middle == high { break }
            if isBelow(middle) { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}
