import Glibc

/// The intended send times of an open-loop load: they depend on the rate alone, never on the answers.
///
/// Times are nanoseconds on the clock of `startNanoseconds` (CLOCK_MONOTONIC in a run) and never go backwards.
package struct ArrivalSchedule: Sendable {
    /// How arrivals are spaced.
    package enum Spacing: String, Sendable, CaseIterable {
        /// Equal gaps; the n-th time is computed from n, so that rounding does not add up.
        case constant
        /// Exponential gaps, as of many independent clients.
        case poisson
    }

    /// How arrivals are spaced.
    package let spacing: Spacing
    /// The mean number of arrivals a second.
    package let ratePerSecond: Double
    /// The time that offsets count from.
    package let startNanoseconds: Int64

    @usableFromInline let intervalNanoseconds: Double
    @usableFromInline var position: Double
    @usableFromInline var generator: SeededGenerator

    /// Creates a schedule, or nil when the rate is not a positive finite number.
    ///
    /// - Parameters:
    ///   - spacing: How arrivals are spaced.
    ///   - ratePerSecond: The mean number of arrivals a second.
    ///   - startNanoseconds: The time that offsets count from.
    ///   - phase: Where in the first interval the first arrival stands, 0 ..< 1; lanes that share a rate take
    ///     `lane / laneCount`, so that together they keep equal gaps.
    ///   - generator: The source of randomness of `.poisson`.
    package init?(
        spacing: Spacing,
        ratePerSecond: Double,
        startNanoseconds: Int64,
        phase: Double = 0,
        generator: SeededGenerator
    ) {
        guard ratePerSecond.isFinite, ratePerSecond > 0, ratePerSecond <= 1e9 else { return nil }
        self.spacing = spacing
        self.ratePerSecond = ratePerSecond
        self.startNanoseconds = startNanoseconds
        self.generator = generator
        intervalNanoseconds = 1e9 / ratePerSecond
        position = spacing == .constant ? phase : phase * intervalNanoseconds
    }

    /// The next intended send time in nanoseconds; the schedule has no end.
    @inlinable
    package mutating func next() -> Int64 {
        switch spacing {
        case .constant:
            let offset = position * intervalNanoseconds
            position += 1
            return startNanoseconds &+ Int64(offset)
        case .poisson:
            position += exponentialGap()
            return startNanoseconds &+ Int64(position)
        }
    }

    @usableFromInline
    mutating func exponentialGap() -> Double {
        -log(1 - generator.nextUnit()) * intervalNanoseconds
    }
}
