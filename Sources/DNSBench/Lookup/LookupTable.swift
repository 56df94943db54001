import DNSWire

/// All names of a workload with the queries that their lookups may need, encoded; immutable, read by every lane.
final class LookupTable: @unchecked Sendable {
    /// One name.
    struct Entry: BitwiseCopyable {
        /// Its first query; those of step s are 2 s (A) and 2 s + 1 (AAAA) further on.
        var first: UInt32
        var path: LookupPath
    }

    /// One query.
    struct Query: BitwiseCopyable {
        var encoded: EncodedQuery
        /// The search domain in its name, by its place in the list; ``asIs`` for none.
        var domain: UInt8
    }

    /// Stands for no search domain.
    static let asIs: UInt8 = 255

    let settings: LookupSettings
    let order: AskingOrder
    let entries: UnsafeMutablePointer<Entry>
    let entryCount: Int
    /// All messages with id 0, back to back.
    let octets: UnsafeMutablePointer<UInt8>
    let queries: UnsafeMutablePointer<Query>
    let queryCount: Int
    /// Octets of the longest message.
    let longest: Int

    // SAFETY: all buffers are written here and never again, so that threads may share them.
    init(
        _ names: [LookupName],
        settings: LookupSettings,
        popularity: Popularity,
        seed: UInt64
    ) throws(WorkloadError) {
        guard !names.isEmpty else { throw .empty }
        guard names.count * 2 * (settings.search.count + 1) <= Workload.maximumQueries else {
            throw .tooMany(names.count)
        }
        order = try AskingOrder(
            lengths: names.map { _ in 1 },
            weights: names.map(\.weight),
            popularity: popularity,
            seed: seed
        )
        var bytes: [UInt8] = []
        var encoded: [Query] = []
        var made: [Entry] = []
        made.reserveCapacity(names.count)
        for name in names {
            let steps = settings.steps(for: name)
            made.append(Entry(first: UInt32(encoded.count), path: LookupPath(steps, isRooted: name.isRooted)))
            for step in steps {
                for type in [RecordType.a, .aaaa] {
                    let start = bytes.count
                    if let full = step.name { bytes += settings.message(full, type) }
                    let query = EncodedQuery(
                        offset: UInt32(start),
                        length: UInt16(bytes.count - start),
                        questionLength: UInt16(step.name.map { $0.wire.count + 4 } ?? 0)
                    )
                    encoded.append(Query(encoded: query, domain: step.domain.map { UInt8($0) } ?? LookupTable.asIs))
                }
            }
        }
        self.settings = settings
        entryCount = made.count
        entries = .allocate(capacity: made.count)
        entries.initialize(from: made, count: made.count)
        octets = .allocate(capacity: max(1, bytes.count))
        octets.initialize(from: bytes, count: bytes.count)
        queries = .allocate(capacity: max(1, encoded.count))
        queries.initialize(from: encoded, count: encoded.count)
        queryCount = encoded.count
        longest = encoded.reduce(12) { max($0, Int($1.encoded.length)) }
    }

    deinit {
        entries.deallocate()
        octets.deallocate()
        queries.deallocate()
    }

    /// The index of a query; the step must be one of the name's path.
    @inline(__always)
    func query(_ name: UInt32, step: UInt8, family: LookupFamily) -> UInt32 {
        // SAFETY: names come from the order, which holds indexes of entries only.
        entries[Int(name)].first &+ UInt32(step) &* 2 &+ UInt32(family.rawValue)
    }

    /// Writes a query with its id, for which the caller has made room; returns its length.
    func encode(_ query: UInt32, id: UInt16, to slot: UnsafeMutableRawBufferPointer) -> Int {
        precondition(query < queryCount, "no such query")
        let encoded = queries[Int(query)].encoded
        let length = Int(encoded.length)
        slot.copyMemory(from: UnsafeRawBufferPointer(start: octets + Int(encoded.offset), count: length))
        slot[0] = UInt8(truncatingIfNeeded: id >> 8)
        slot[1] = UInt8(truncatingIfNeeded: id)
        return length
    }

    /// What a message answers to a query with this id; `nil` when it is the answer to another question.
    ///
    /// glibc and musl also take an error without a question (`skip_query_match` of resolv/res_send.c). musl compares
    /// no question at all; here a foreign question is never an answer.
    func answer(_ message: UnsafeRawBufferPointer, to query: UInt32, family: LookupFamily) -> LookupAnswer? {
        precondition(query < queryCount, "no such query")
        guard message.count >= 12 else { return nil }
        let encoded = queries[Int(query)].encoded
        let length = Int(encoded.questionLength)
        let count = Int(message[4]) << 8 | Int(message[5])
        if count == 1 && message.count >= 12 + length {
            let question = UnsafeRawBufferPointer(start: octets + Int(encoded.offset) + 12, count: length)
            for index in 0..<length where message[12 + index] != question[index] {
                let isName = index < length - 4
                guard isName, asciiLowercase(message[12 + index]) == asciiLowercase(question[index]) else { return nil }
            }
            return LookupAnswer(message: message, questionEnd: 12 + length, type: family == .a ? 1 : 28)
        }
        guard count == 0, settings.resolver != .go else { return nil }
        let answer = LookupAnswer(message: message, questionEnd: 12, type: family == .a ? 1 : 28)
        return answer.isError ? answer : nil
    }
}

extension LookupSettings {
    /// A query as the resolver writes it: RD, AD with `trust-ad`, and an OPT record where it sends one.
    fileprivate func message(_ name: DNSName, _ type: RecordType) -> [UInt8] {
        let known = effectiveOptions
        let size: UInt16? = resolver == .go ? 1_232 : known.contains(.edns0) ? 1_200 : nil
        var bytes: [UInt8] = [0, 0, 1, known.contains(.trustAD) ? 0x20 : 0, 0, 1, 0, 0, 0, 0, 0, size == nil ? 0 : 1]
        bytes += name.wire
        bytes += [UInt8(type.rawValue >> 8), UInt8(truncatingIfNeeded: type.rawValue), 0, 1]
        if let size { bytes += [0, 0, 41, UInt8(size >> 8), UInt8(truncatingIfNeeded: size), 0, 0, 0, 0, 0, 0] }
        return bytes
    }
}

/// Walks one lane's share of the names; allocates nothing.
struct LookupCursor {
    private let order: AskingOrder
    private let stride: Int
    private var turn: Int

    init(order: AskingOrder, lane: Int, lanes: Int) {
        self.order = order
        stride = lanes % order.turnCount
        turn = lane % order.turnCount
    }

    /// The next name's index in the table.
    mutating func next() -> UInt32 {
        // SAFETY: `turn` stays below `turnCount`.
        let name = order.turns[turn]
        turn += stride
        if turn >= order.turnCount { turn -= order.turnCount }
        return name
    }
}
