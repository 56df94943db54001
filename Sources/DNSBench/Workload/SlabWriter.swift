import DNSWire

/// Encodes queries into a slab one after the other, so that they need not all be kept in another form as well.
struct SlabWriter: ~Copyable {
    private var octets = GrowingBuffer<UInt8>()
    private var entries = GrowingBuffer<EncodedQuery>()
    /// What is expected of those queries of which anything is.
    private var expectations: [(query: Int, expectation: AnswerExpectation)] = []
    private let options: QueryOptions
    private let hasMisses: Bool
    /// What most queries carry, written once.
    private let commonFlags: [UInt8]
    private let commonOPT: [UInt8]
    private var longest = 12
    /// Octets of all messages, variants among them.
    private var total = 0

    /// - Parameters:
    ///   - options: what queries carry that say nothing of it.
    ///   - hasMisses: whether each query gets a variant with a label of its own.
    init(options: QueryOptions, hasMisses: Bool = false) {
        self.options = options
        self.hasMisses = hasMisses
        commonFlags = options.headerFlags
        commonOPT = options.optRecord
    }

    /// Octets that a server's cookie may add to each query.
    private var cookieRoom: Int { options.clientCookie == nil ? 0 : ServerCookie.lengths.upperBound }

    /// How many queries there are.
    var count: Int { entries.count }

    /// Adds a query.
    mutating func append(_ query: WorkloadQuery) throws(WorkloadError) {
        if let expectation = query.expectation { expectations.append((count, expectation)) }
        try append(
            name: query.name.wire.span,
            type: query.type,
            recordClass: query.recordClass,
            flags: query.options?.headerFlags ?? commonFlags,
            opt: query.options?.optRecord ?? commonOPT
        )
    }

    /// Adds a query of class IN that carries what all carry, by its name in wire form.
    mutating func append(name: Span<UInt8>, type: RecordType) throws(WorkloadError) {
        try append(name: name, type: type, recordClass: .in, flags: commonFlags, opt: commonOPT)
    }

    private mutating func append(
        name: Span<UInt8>,
        type: RecordType,
        recordClass: RecordClass,
        flags: [UInt8],
        opt: [UInt8]
    ) throws(WorkloadError) {
        let length = 12 + name.count + 4 + opt.count
        guard length + MissLabel.octets + cookieRoom <= QuerySlab.longestMessage else {
            throw .badMessage(count, length)
        }
        guard count < Workload.maximumQueries / (hasMisses ? 2 : 1) else { throw .tooMany(count + 1) }
        total += hasMisses ? 2 * length + MissLabel.octets : length
        guard total <= QuerySlab.mostOctets else { throw .tooLarge(total) }
        let start = octets.count
        octets.reserve(length)
        let header: [12 of UInt8] = [0, 0, flags[0], flags[1], 0, 1, 0, 0, 0, 0, 0, opt.isEmpty ? 0 : 1]
        octets.append(header.span)
        octets.append(name)
        append(type.rawValue)
        append(recordClass.rawValue)
        octets.append(opt.span)
        add(start: start, questionLength: name.count + 4)
    }

    private mutating func append(_ value: UInt16) {
        octets.append(UInt8(value >> 8))
        octets.append(UInt8(truncatingIfNeeded: value))
    }

    private mutating func add(start: Int, questionLength: Int) {
        let length = octets.count - start
        longest = max(longest, length)
        entries.append(
            EncodedQuery(offset: UInt32(start), length: UInt16(length), questionLength: UInt16(questionLength))
        )
    }

    /// Adds a whole message whose question has so many octets; 0 when it has none that can be read.
    mutating func append(message: [UInt8], questionLength: Int) {
        let start = octets.count
        octets.append(message.span)
        add(start: start, questionLength: questionLength)
    }

    /// The slab; nothing may be added afterwards.
    consuming func finish() -> QuerySlab {
        let count = entries.count
        // Variants stand behind all queries; one whose name has no room for a label is the query itself.
        if hasMisses { for index in 0..<count { appendVariant(of: entries.base[index]) } }
        return QuerySlab(
            entryCount: entries.count,
            count: count,
            hasMisses: hasMisses,
            longest: longest + cookieRoom,
            clientCookie: options.clientCookie,
            expectations: ExpectationTable(count: count, expectations, cookie: options.expectedCookie),
            octets: octets.take(),
            queries: entries.take()
        )
    }

    private mutating func appendVariant(of query: EncodedQuery) {
        let (first, length, question) = (Int(query.offset), Int(query.length), Int(query.questionLength))
        let start = octets.count
        octets.append(copyOf: first..<(first + 12))
        let hasRoom = question - 4 + MissLabel.octets <= 255
        if hasRoom {
            octets.append(UInt8(MissLabel.length))
            for _ in 0..<MissLabel.length { octets.append(UInt8(ascii: "m")) }
        }
        octets.append(copyOf: (first + 12)..<(first + length))
        add(start: start, questionLength: question + (hasRoom ? MissLabel.octets : 0))
    }
}
