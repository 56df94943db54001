import Glibc

@testable import Measure

/// Log latencies of segments on a machine that drifts: an autoregression (ρ = 0.9) with white noise and rare spikes.
///
/// The models are those of reference/results-and-gates.md section 2.4; `drift` is the deviation that the autoregression
/// has in the long run, and a spike is exponential with a mean of 0.4.
struct NoiseModel: Sendable {
    let name: String
    let white: Double
    let drift: Double
    let spikes: Double

    static let quiet = NoiseModel(name: "quiet", white: 0.015, drift: 0.01, spikes: 0.02)
    static let medianInCI = NoiseModel(name: "CI p50", white: 0.03, drift: 0.06, spikes: 0.05)
    static let tailInCI = NoiseModel(name: "CI p99", white: 0.10, drift: 0.10, spikes: 0.10)

    /// One run of `pairs` pairs in ABBA order; all segments of B are slower by `factor`.
    func pairs(_ count: Int, factor: Double, seed: UInt64) -> [PairedComparison.Pair] {
        var random = NormalGenerator(seed: seed)
        var level = random.normal() * drift
        let step = drift * (1 - 0.9 * 0.9).squareRoot()
        func segment(_ factor: Double) -> Double {
            level = 0.9 * level + step * random.normal()
            var value = level + white * random.normal()
            if random.unit() < spikes { value -= 0.4 * log(1 - random.unit()) }
            return 1_000_000 * factor * exp(value)
        }
        return InterleavingOrder.schedule(pairs: count, seed: seed).map { order in
            let first = segment(order == .ab ? 1 : factor)
            let second = segment(order == .ab ? factor : 1)
            return order == .ab ? .init(a: first, b: second) : .init(a: second, b: first)
        }
    }
}

/// Normal deviates by Box and Muller's polar form, from a seed.
private struct NormalGenerator {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed, stream: 0x5EED) }

    mutating func unit() -> Double { generator.nextUnit() }

    mutating func normal() -> Double {
        while true {
            let (x, y) = (2 * unit() - 1, 2 * unit() - 1)
            let size = x * x + y * y
            if size > 0, size < 1 { return x * (-2 * log(size) / size).squareRoot() }
        }
    }
}
