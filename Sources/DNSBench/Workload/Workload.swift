package import DNSWire
import Measure

/// Why a workload cannot be built from what was given.
package enum WorkloadError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is nothing to ask.
    case empty
    /// A weight or exponent is negative, infinite or not a number, or all weights are 0.
    case badWeight
    /// More octets of queries than a slab holds.
    case tooLarge(Int)
    /// A message too short for an id, or longer than a datagram, by its place and length.
    case badMessage(Int, Int)
    /// More queries than a lane can index.
    case tooMany(Int)

    /// One sentence for the user.
    package var description: String {
        switch self {
        case .empty: "the workload holds no query"
        case .badWeight: "the workload's weights must be finite, not negative, and not all zero"
        case .badMessage(let index, let length):
            "message \(index + 1) has \(length) octets; 2 to 65,507 are possible"
        case .tooLarge(let octets): "the workload's queries have \(octets) octets; at most \(QuerySlab.mostOctets) fit"
        case .tooMany(let count): "the workload holds \(count) queries; at most \(Workload.maximumQueries) fit"
        }
    }
}

/// Encoded queries and the order in which they are asked: the same for the same input and seed.
///
/// Lanes take turns from one common order: lane i of n asks entries i, i + n, i + 2n …, so that what is asked as a
/// whole does not depend on the number of lanes, and no entry is asked twice before the order starts again.
package struct Workload: Sendable {
    /// The most queries that a workload may hold.
    package static let maximumQueries = 1 << 27

    let slab: QuerySlab
    let order: AskingOrder
    /// What lookups ask; `nil` for queries asked one by one.
    let lookups: LookupTable?
    /// The share of queries that get a label of their own, so that no cache knows their name.
    let missShare: Double

    /// How many different queries are encoded.
    package var queryCount: Int { slab.count }
    /// How many different lookups there are; 0 when queries are asked one by one.
    package var lookupCount: Int { lookups?.entryCount ?? 0 }
    /// The different queries by type; a message without a question that can be read has type 0.
    package var typeCounts: [RecordType: Int] {
        (0..<slab.count).reduce(into: [:]) { $0[slab.questionType($1), default: 0] += 1 }
    }
    /// How many turns the order has before it starts again.
    package var turnCount: Int { order.turnCount }

    /// Whether it asks as an application does, and not query by query.
    package var asksLookups: Bool { lookups != nil }

    init(slab: QuerySlab, order: AskingOrder, lookups: LookupTable? = nil, missShare: Double = 0) {
        self.slab = slab
        self.order = order
        self.lookups = lookups
        self.missShare = missShare
    }

    /// Queries asked one by one.
    package static func queries(
        _ queries: [WorkloadQuery],
        popularity: Popularity = .weighted,
        seed: UInt64,
        options: QueryOptions = QueryOptions(),
        missShare: Double = 0
    ) throws(WorkloadError) -> Workload {
        try sequences(
            queries.map { WorkloadSequence(queries: [$0], weight: $0.weight) },
            popularity: popularity,
            seed: seed,
            options: options,
            missShare: missShare
        )
    }

    /// Sequences, each asked as a whole by one thread.
    package static func sequences(
        _ sequences: [WorkloadSequence],
        popularity: Popularity = .weighted,
        seed: UInt64,
        options: QueryOptions = QueryOptions(),
        missShare: Double = 0
    ) throws(WorkloadError) -> Workload {
        guard (0...1).contains(missShare) else { throw .badWeight }
        let filled = sequences.filter { !$0.queries.isEmpty }
        let flat = filled.flatMap(\.queries)
        guard !flat.isEmpty else { throw .empty }
        var writer = SlabWriter(options: options, hasMisses: missShare > 0)
        for query in flat { try writer.append(query) }
        let order = try AskingOrder(
            lengths: filled.map(\.queries.count),
            weights: filled.map(\.weight),
            popularity: popularity,
            seed: seed
        )
        return Workload(slab: writer.finish(), order: order, missShare: missShare)
    }

    /// Whole messages in their order, over and over; only their ids are replaced.
    package static func messages(_ messages: [[UInt8]]) throws(WorkloadError) -> Workload {
        guard !messages.isEmpty else { throw .empty }
        guard messages.count <= maximumQueries else { throw .tooMany(messages.count) }
        for (index, message) in messages.enumerated()
        where message.count < 2 || message.count > QuerySlab.longestMessage {
            throw .badMessage(index, message.count)
        }
        let octets = messages.reduce(0) { $0 + $1.count }
        guard octets <= QuerySlab.mostOctets else { throw .tooLarge(octets) }
        let order = try AskingOrder(singles: messages.count, popularity: .sequential, seed: 0)
        return Workload(slab: .whole(messages), order: order)
    }

    /// The different messages of this workload, at most `limit`, each once and then over again in the same order.
    package func distinct(atMost limit: Int = .max) -> Workload {
        var seen: Set<[UInt8]> = []
        var chosen: [UInt32] = []
        for index in 0..<slab.count where chosen.count < max(1, limit) {
            if seen.insert(slab.message(index)).inserted { chosen.append(UInt32(index)) }
        }
        return Workload(slab: slab, order: AskingOrder(queries: chosen, of: slab.count))
    }

    /// The first `turns` turns of the order, over and over: what one pass has asked, the next asks again.
    package func repeating(turns: Int) -> Workload {
        guard turns < turnCount else { return self }
        return Workload(
            slab: slab,
            order: AskingOrder(firstTurns: max(1, turns), of: order),
            lookups: lookups,
            missShare: missShare
        )
    }

    /// The wire form of a query with id 0, for tests and reports.
    package func message(_ query: Int) -> [UInt8] { slab.message(query) }

    /// The first `count` queries in the order that one lane alone would ask them, for tests and reports.
    package func firstQueries(_ count: Int) -> [Int] {
        var cursor = QueryCursor(order: order, lane: 0, lanes: 1)
        return (0..<count).map { _ in Int(cursor.next()) }
    }
}
