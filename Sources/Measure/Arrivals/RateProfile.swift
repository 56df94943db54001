internal import Glibc

/// How the rate of an open-loop load runs over time: it tells at which time which arrival is due.
///
/// Times are nanoseconds since the load began. The n-th time is computed from n, so that rounding does not add up.
package enum RateProfile: Sendable, Hashable {
    /// The same rate without an end.
    case constant(perSecond: Double)
    /// Stages one after the other, then nothing more.
    case stages([RateStage])
    /// `size` arrivals at once, again every `everyNanoseconds`, without an end.
    case bursts(size: Int, everyNanoseconds: Int64)
    /// Given times in ascending order, then nothing more.
    case timeline(Timeline)

    /// Whether arrivals may be drawn at random around the profile; bursts and given times are what they are.
    package var allowsRandomSpacing: Bool {
        switch self {
        case .constant, .stages: true
        case .bursts, .timeline: false
        }
    }

    /// When it ends by itself; `nil` when it does not.
    package var durationNanoseconds: Int64? {
        switch self {
        case .constant, .bursts: nil
        case .stages(let stages): stages.reduce(0) { $0 + $1.durationNanoseconds }
        case .timeline(let timeline): timeline.count == 0 ? 0 : timeline[timeline.count - 1] + 1
        }
    }

    /// The highest rate of it, arrivals a second; of bursts, their mean, and of given times, the mean over the whole.
    package var peakPerSecond: Double {
        switch self {
        case .constant(let rate): rate
        case .stages(let stages): stages.reduce(0) { max($0, $1.fromPerSecond, $1.toPerSecond) }
        case .bursts(let size, let every): Double(size) * 1e9 / Double(every)
        case .timeline: meanPerSecond(within: durationNanoseconds ?? 0)
        }
    }

    /// Arrivals before `limit` nanoseconds.
    package func count(within limit: Int64) -> UInt64 {
        guard limit > 0 else { return 0 }
        switch self {
        case .constant(let rate):
            var count = UInt64((Double(limit) / 1e9 * rate).rounded(.up))
            // The division may be off by one where an arrival stands right at the limit.
            while count > 0, RateProfile.time(Double(count - 1), perSecond: rate) >= limit { count -= 1 }
            while RateProfile.time(Double(count), perSecond: rate) < limit { count += 1 }
            return count
        case .stages(let stages): return RateProfile.count(stages, within: limit)
        case .bursts(let size, let every): return UInt64(size) * UInt64((limit + every - 1) / every)
        case .timeline(let timeline): return UInt64(timeline.count(before: limit))
        }
    }

    /// The mean rate before `limit` nanoseconds, arrivals a second.
    package func meanPerSecond(within limit: Int64) -> Double {
        if case .constant(let rate) = self { return rate }
        let counted = min(limit, durationNanoseconds ?? limit)
        return counted <= 0 ? 0 : Double(count(within: counted)) * 1e9 / Double(counted)
    }

    /// The time of the arrival `number` (from 0, may be a fraction) at a constant rate.
    @inline(__always)
    static func time(_ number: Double, perSecond rate: Double) -> Int64 {
        Int64(min(number * 1e9 / rate, 9e18))  // three centuries are no time to wait for
    }

    private static func count(_ stages: [RateStage], within limit: Int64) -> UInt64 {
        var before = 0.0
        var start: Int64 = 0
        for stage in stages {
            if limit < start + stage.durationNanoseconds { before += stage.count(within: limit - start); break }
            before += stage.count
            start += stage.durationNanoseconds
        }
        // Arrival n is due when the integral of the rate reaches n: those below it have come.
        return UInt64((before - 1e-6).rounded(.up))
    }
}

/// A part of a load whose rate stays or changes evenly.
package struct RateStage: Sendable, Hashable {
    /// The rate at its start, arrivals a second.
    package let fromPerSecond: Double
    /// The rate at its end.
    package let toPerSecond: Double
    /// How long it lasts.
    package let durationNanoseconds: Int64

    /// A stage from one rate to another; equal rates stay.
    package init(fromPerSecond: Double, toPerSecond: Double, durationNanoseconds: Int64) {
        self.fromPerSecond = fromPerSecond
        self.toPerSecond = toPerSecond
        self.durationNanoseconds = durationNanoseconds
    }

    /// Arrivals in the whole stage: the integral of its rate.
    package var count: Double { (fromPerSecond + toPerSecond) / 2 * Double(durationNanoseconds) / 1e9 }

    /// Arrivals in its first `limit` nanoseconds.
    func count(within limit: Int64) -> Double {
        let seconds = Double(limit) / 1e9
        let slope = (toPerSecond - fromPerSecond) / (Double(durationNanoseconds) / 1e9)
        return fromPerSecond * seconds + slope * seconds * seconds / 2
    }

    /// The time within it, nanoseconds, at which `count` arrivals have come; the root that does not cancel.
    func time(ofCount count: Double) -> Double {
        let slope = (toPerSecond - fromPerSecond) / (Double(durationNanoseconds) / 1e9)
        let root = max(0, fromPerSecond * fromPerSecond + 2 * slope * count).squareRoot()
        let sum = fromPerSecond + root
        return sum > 0 ? 2 * count / sum * 1e9 : 0
    }
}

/// Given arrival times, such as those of a capture that is replayed; shared by all lanes and never changed.
package final class Timeline: Sendable, Hashable {
    private let offsets: [Int64]

    /// No arrival at all.
    package static let empty = Timeline(checked: [])

    private init(checked offsets: [Int64]) { self.offsets = offsets }

    /// Times in nanoseconds since the load began; `nil` when one is negative or before the one ahead of it.
    package init?(_ offsets: [Int64]) {
        var previous: Int64 = 0
        for offset in offsets {
            guard offset >= previous else { return nil }
            previous = offset
        }
        self.offsets = offsets
    }

    /// How many arrivals there are.
    package var count: Int { offsets.count }

    /// The time of one arrival.
    package subscript(index: Int) -> Int64 { offsets[index] }

    /// How many come before `limit` nanoseconds.
    package func count(before limit: Int64) -> Int {
        var low = 0
        var high = offsets.count
        while low < high {
            let middle = (low + high) / 2
            if offsets[middle] < limit { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Timelines are equal when their times are.
    package static func == (left: Timeline, right: Timeline) -> Bool { left.offsets == right.offsets }

    /// By its times.
    package func hash(into hasher: inout Hasher) { hasher.combine(offsets) }
}
