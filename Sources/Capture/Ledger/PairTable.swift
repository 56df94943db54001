import DNSWire

/// Finds the twin of a query: stub resolvers send A and AAAA from one port, one right after the other.
struct PairTable: ~Copyable {
    /// Where a query waits, and which use of that place it is.
    struct Reference {
        var place: Int32 = -1
        var generation: UInt32 = 0
    }

    private struct Entry {
        var end = Endpoint(address: .v4(0), port: 0)
        var time: Int64 = .min
        var type: UInt16 = 0
        var reference = Reference()
    }

    private static let size = 4_096
    private static let windowNanoseconds: Int64 = 2_000_000
    private var entries: [Entry] = []

    /// Notes a client's query, and gives the one that was sent from the same end a moment before for the other type.
    mutating func twin(of message: Sighting, at reference: Reference) -> Reference? {
        let type = message.scan.type
        guard message.transport == .udp, type == 1 || type == 28 else { return nil }
        if entries.isEmpty { entries = [Entry](repeating: Entry(), count: Self.size) }
        let end = message.source
        let mixed = HashSeed.fold(end.address.mixed ^ UInt64(end.port), 0x9E37_79B9_7F4A_7C15)
        let slot = Int(truncatingIfNeeded: mixed) & (Self.size - 1)
        let before = entries[slot]
        entries[slot] = Entry(end: end, time: message.span.firstTime, type: type, reference: reference)
        guard before.end == end, before.type != type, before.time != .min,
            (message.span.firstTime - before.time).magnitude < UInt64(Self.windowNanoseconds)
        else { return nil }
        return before.reference
    }
}
