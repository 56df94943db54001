internal import DNSWire

/// What the observer saw while one check ran, looked at once and by name.
struct UpstreamView: Sendable {
    private var queries: [DNSName: [UpstreamObservation]] = [:]
    private var connections: [UpstreamConnectionEvent] = []
    /// Why nothing can be said; nil when the view is whole.
    let impairment: String?
    /// Of an observer that lost more than one packet in so many nothing is believed, whenever it lost them.
    private static let tolerance: UInt64 = 1_000

    /// Waits for the observer and takes what it saw since `since` (CLOCK_REALTIME); `lossesBefore` are older losses.
    init(_ observer: UpstreamObserver, since: Int64, lossesBefore: UInt64) async {
        let isFlushed = await observer.flush()
        for query in observer.queries(since) where !query.isResponse {
            queries[query.name.lowercased, default: []].append(query)
        }
        connections = observer.connections(since)
        let (losses, packets) = (observer.losses(), observer.packets())
        let lost = losses &- lossesBefore
        if lost > 0 {
            impairment = lost == 1 ? "the capture lost a packet" : "the capture lost \(lost) packets"
        } else if losses > packets / Self.tolerance {
            impairment = "the capture lost \(losses) packets since it began, and took in \(packets)"
        } else {
            impairment = isFlushed ? nil : "the capture did not keep up"
        }
    }

    /// The upstream queries for a name in any letter case.
    func queries(for name: DNSName) -> [UpstreamObservation] { queries[name.lowercased] ?? [] }

    /// The probes with which a server block of `zone` looks whether it forwards to itself: HINFO queries for a name of two
    /// random numbers below the zone (coredns plugin/loop), in the order of time.
    func loopProbes(of zone: DNSName) -> [UpstreamObservation] {
        queries.filter { name, _ in
            name.labelCount == zone.labelCount + 2 && name.isSubdomain(of: zone)
                && name.labels.prefix(2).allSatisfy { $0.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } }
        }
        .values.joined().filter { $0.type == .hinfo }.sorted { $0.realtimeNanoseconds < $1.realtimeNanoseconds }
    }

    /// How many connections the cache began to these addresses between two instants of CLOCK_REALTIME.
    func connects(to addresses: Set<String>, after: Int64?, before: Int64?) -> Int {
        connections.filter { event in
            event.kind == .opened && addresses.contains(event.destination.address.description)
                && after.map { event.realtimeNanoseconds > $0 } ?? true
                && before.map { event.realtimeNanoseconds < $0 } ?? true
        }.count
    }

    /// How the connection of a query was ended first; nil while it is open.
    func ending(of query: UpstreamObservation) -> UpstreamConnectionEvent? { endings(of: query).first }

    /// Whether the cache sent RST on the connection of a query.
    func isReset(_ query: UpstreamObservation) -> Bool { endings(of: query).contains { $0.kind == .resetByCache } }

    private func endings(of query: UpstreamObservation) -> [UpstreamConnectionEvent] {
        connections.filter { event in
            event.kind != .opened && event.source == query.source && event.destination == query.destination
                && event.realtimeNanoseconds >= query.realtimeNanoseconds
        }
    }

    /// How long nothing had been asked on the connection of a query when the cache ended it; nil while it has not.
    func idleNanoseconds(of query: UpstreamObservation) -> Int64? {
        let own = endings(of: query).first { $0.kind == .closedByCache || $0.kind == .resetByCache }
        guard let end = own else { return nil }
        let asked = queries.values.joined().filter {
            $0.source == query.source && $0.destination == query.destination
                && $0.realtimeNanoseconds <= end.realtimeNanoseconds
        }
        let last = asked.map(\.realtimeNanoseconds).max() ?? query.realtimeNanoseconds
        return end.realtimeNanoseconds - last
    }
}
