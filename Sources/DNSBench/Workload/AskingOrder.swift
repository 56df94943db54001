import Glibc
import Measure

/// The common order of sequences, drawn once from a seed; immutable once built, read by every lane.
final class AskingOrder: @unchecked Sendable {
    /// The queries of one sequence: consecutive indexes in the slab.
    struct Sequence {
        var first: UInt32
        var count: UInt32
    }

    /// Sequences by turn, from the first.
    let turns: UnsafeMutablePointer<UInt32>
    /// How many turns there are before the order starts again.
    let turnCount: Int
    /// All sequences.
    let sequences: UnsafeMutablePointer<Sequence>
    private let sequenceCount: Int

    // SAFETY: both buffers are written here and never again, so that threads may share them.
    init(lengths: [Int], weights: [Double], popularity: Popularity, seed: UInt64) throws(WorkloadError) {
        let drawn: [UInt32]
        switch popularity {
        case .sequential:
            drawn = Array(0..<UInt32(lengths.count))
        case .weighted:
            drawn = try AskingOrder.draw(weights: weights, seed: seed)
        case .zipf(let exponent):
            guard exponent.isFinite, exponent >= 0 else { throw .badWeight }
            let ranked = weights.enumerated().map { $1 / pow(Double($0 + 1), exponent) }
            drawn = try AskingOrder.draw(weights: ranked, seed: seed)
        }
        turnCount = drawn.count
        turns = .allocate(capacity: drawn.count)
        turns.initialize(from: drawn, count: drawn.count)
        sequenceCount = lengths.count
        sequences = .allocate(capacity: lengths.count)
        var first: UInt32 = 0
        for (index, length) in lengths.enumerated() {
            (sequences + index).initialize(to: Sequence(first: first, count: UInt32(length)))
            first += UInt32(length)
        }
    }

    /// As many single queries of equal weight.
    convenience init(singles count: Int, popularity: Popularity, seed: UInt64) throws(WorkloadError) {
        if case .sequential = popularity {
            self.init(queries: Array(0..<UInt32(count)), of: count)
        } else {
            try self.init(
                lengths: Array(repeating: 1, count: count),
                weights: Array(repeating: 1, count: count),
                popularity: popularity,
                seed: seed
            )
        }
    }

    /// Single queries of a slab in the given order, over and over; not empty.
    init(queries chosen: [UInt32], of count: Int) {
        turnCount = chosen.count
        turns = .allocate(capacity: chosen.count)
        turns.initialize(from: chosen, count: chosen.count)
        sequenceCount = count
        sequences = .allocate(capacity: max(1, count))
        for index in 0..<count { (sequences + index).initialize(to: Sequence(first: UInt32(index), count: 1)) }
    }

    /// The first turns of another order, at least one and at most all of them.
    init(firstTurns count: Int, of other: AskingOrder) {
        turnCount = count
        turns = .allocate(capacity: count)
        turns.initialize(from: other.turns, count: count)
        sequenceCount = other.sequenceCount
        sequences = .allocate(capacity: max(1, sequenceCount))
        sequences.initialize(from: other.sequences, count: sequenceCount)
    }

    deinit {
        turns.deallocate()
        sequences.deallocate()
    }

    /// Draws turns by weight: sixteen a sequence, and 65,536 to 1,048,576 in all.
    private static func draw(weights: [Double], seed: UInt64) throws(WorkloadError) -> [UInt32] {
        var cumulative: [Double] = []
        cumulative.reserveCapacity(weights.count)
        var total = 0.0
        for weight in weights {
            guard weight.isFinite, weight >= 0 else { throw .badWeight }
            total += weight
            cumulative.append(total)
        }
        guard total > 0, total.isFinite else { throw .badWeight }
        let count = min(1 << 20, max(1 << 16, weights.count * 16))
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            let point = generator.nextUnit() * total
            var low = 0
            var high = cumulative.count - 1
            while low < high {
                let middle = (low + high) / 2
                if cumulative[middle] > point { high = middle } else { low = middle + 1 }
            }
            return UInt32(low)
        }
    }
}

/// Walks one lane's share of an order; allocates nothing.
struct QueryCursor {
    private let order: AskingOrder
    private let stride: Int
    private var turn: Int
    private var upcoming: UInt32 = 0
    private var end: UInt32 = 0

    init(order: AskingOrder, lane: Int, lanes: Int) {
        self.order = order
        stride = lanes % order.turnCount
        turn = lane % order.turnCount
    }

    /// The next query's index in the slab.
    @inline(__always)
    mutating func next() -> UInt32 {
        if upcoming == end {
            // SAFETY: `turn` stays below `turnCount`, and turns name sequences that exist.
            let sequence = order.sequences[Int(order.turns[turn])]
            upcoming = sequence.first
            end = sequence.first &+ sequence.count
            turn += stride
            if turn >= order.turnCount { turn -= order.turnCount }
        }
        defer { upcoming &+= 1 }
        return upcoming
    }
}
