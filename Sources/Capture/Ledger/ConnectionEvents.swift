package import DNSWire

/// The beginning or the end of a TCP connection between the cache and a server behind it.
package struct ConnectionEvent: Sendable, Hashable {
    /// What happened; each end tells its own end of the connection.
    package enum Kind: Sendable, Hashable {
        case opened, closedByCache, closedByServer, resetByCache, resetByServer, refused
    }

    package var kind: Kind
    package var frame: FrameNumber
    /// Nanoseconds since the Unix epoch.
    package var realtimeNanoseconds: Int64
    /// The end that belongs to the cache.
    package var client: Endpoint
    package var server: Endpoint
}

/// The latest beginnings and ends of connections, in the order of capture.
struct ConnectionEvents {
    /// Events that are kept; of a limit of 0, none.
    var limit = 32_768
    private var events: [ConnectionEvent] = []
    private var oldest = 0
    /// Time of the latest event that was let go for want of room.
    private(set) var overwrittenUntil: Int64 = .min

    mutating func append(_ event: ConnectionEvent) {
        guard events.count >= limit else {
            events.append(event)
            return
        }
        guard limit > 0 else {
            overwrittenUntil = max(overwrittenUntil, event.realtimeNanoseconds)
            return
        }
        overwrittenUntil = max(overwrittenUntil, events[oldest].realtimeNanoseconds)
        events[oldest] = event
        oldest = oldest + 1 == limit ? 0 : oldest + 1
    }

    /// The events of this time or later, nanoseconds since the Unix epoch.
    func since(_ time: Int64) -> [ConnectionEvent] {
        (events[oldest...] + events[..<oldest]).filter { $0.realtimeNanoseconds >= time }
    }
}
