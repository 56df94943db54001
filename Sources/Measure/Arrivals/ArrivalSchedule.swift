import Glibc

/// The intended send times of one lane of an open-loop load: they depend on the plan alone, never on the answers.
///
/// Lanes take the arrivals of one common profile in turn, so that together they keep its gaps. Times are nanoseconds on
/// the clock of `startNanoseconds` (CLOCK_MONOTONIC in a run) and never go backwards. Allocates nothing after `init`.
package struct ArrivalSchedule: Sendable {
    /// How arrivals are spaced around their profile.
    package enum Spacing: String, Sendable, CaseIterable {
        /// Each at its place: equal gaps at a constant rate.
        case constant
        /// Exponential gaps, as of many independent clients; where the rate changes, a Poisson process of that rate.
        case poisson
    }

    private let profile: RateProfile
    private let spacing: Spacing
    private let startNanoseconds: Int64
    private let lanes: Int
    /// The number of the next arrival, counted over all lanes; a fraction when it is drawn.
    private var position: Double
    private var index: Int
    private var stage = 0
    private var countBeforeStage = 0.0
    private var startOfStage: Int64 = 0
    private var generator: SeededGenerator

    /// The share of `lane` in a profile that begins at `startNanoseconds`; `generator` draws the gaps of `.poisson`.
    package init(
        profile: RateProfile,
        spacing: Spacing = .constant,
        startNanoseconds: Int64,
        lane: Int = 0,
        lanes: Int = 1,
        generator: SeededGenerator
    ) {
        precondition(lane >= 0 && lane < lanes, "no such lane")
        self.profile = profile
        self.spacing = profile.allowsRandomSpacing ? spacing : .constant
        self.startNanoseconds = startNanoseconds
        self.lanes = lanes
        self.generator = generator
        index = lane
        position = Double(lane)
    }

    /// The next intended send time in nanoseconds; `nil` when the profile has ended.
    package mutating func next() -> Int64? {
        switch profile {
        case .constant(let rate): return startNanoseconds &+ RateProfile.time(advance(), perSecond: rate)
        case .stages(let stages): return nextOfStages(stages)
        case .bursts(let size, let every):
            let burst = index / size
            index += lanes
            return startNanoseconds &+ Int64(burst) &* every
        case .timeline(let timeline):
            guard index < timeline.count else { return nil }
            defer { index += lanes }
            return startNanoseconds &+ timeline[index]
        }
    }

    /// The number of the arrival, which then moves on: by the lanes' number, or by as much on average.
    private mutating func advance() -> Double {
        switch spacing {
        case .constant:
            defer { index += lanes }
            return Double(index)
        case .poisson:
            // A unit-rate process in numbers becomes one of the profile's rate in time.
            position += -log(1 - generator.nextUnit()) * Double(lanes)
            return position
        }
    }

    private mutating func nextOfStages(_ stages: [RateStage]) -> Int64? {
        let number = advance()
        while stage < stages.count, number >= countBeforeStage + stages[stage].count - 1e-6 {
            countBeforeStage += stages[stage].count
            startOfStage += stages[stage].durationNanoseconds
            stage += 1
        }
        guard stage < stages.count else { return nil }
        let time = stages[stage].time(ofCount: max(0, number - countBeforeStage))
        return startNanoseconds &+ startOfStage &+ min(Int64(time), stages[stage].durationNanoseconds)
    }
}
