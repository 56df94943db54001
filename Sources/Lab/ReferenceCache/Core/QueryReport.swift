/// What is counted about one query once its answer has gone (plugin/metrics/vars/report.go).
struct QueryReport: Sendable {
    var server: String
    /// The zone label; `dropped` when no zone covers the name.
    var zone: String
    var transport: QueryTransport
    var isIPv6: Bool
    var type: UInt16
    var dnssecOK: Bool
    var requestSize: Int
    var responseSize: Int
    var rcode: UInt16
    /// The plugin that wrote the answer, or nothing for an error.
    var plugin: String
    /// Nanoseconds of the monotonic clock.
    var arrivedAt: Int64

    /// The types that have a label of their own (plugin/metrics/vars/monitor.go).
    static let countedTypes: Set<UInt16> = [1, 2, 5, 6, 12, 15, 16, 28, 33, 43, 46, 47, 48, 50, 65, 251, 252, 255]

    /// Adds this query to `counters`, its answer having left at `now`.
    func add(to counters: inout Counters, now: Int64) {
        let key = Counters.RequestKey(
            transport: transport,
            isIPv6: isIPv6,
            type: Self.countedTypes.contains(type) ? type : nil
        )
        let size = (request: Double(requestSize), response: Double(responseSize))
        counters.zones[Counters.ZoneKey(server: server, zone: zone), default: Counters.Zone()].add(
            key,
            Counters.ResponseKey(rcode: rcode, plugin: plugin),
            dnssecOK: dnssecOK,
            seconds: Double(now - arrivedAt) / 1e9,
            size: size
        )
    }
}

extension Counters.Zone {
    fileprivate mutating func add(
        _ request: Counters.RequestKey,
        _ response: Counters.ResponseKey,
        dnssecOK: Bool,
        seconds: Double,
        size: (request: Double, response: Double)
    ) {
        requests[request, default: 0] += 1
        responses[response, default: 0] += 1
        if dnssecOK { self.dnssecOK += 1 }
        duration.observe(seconds)
        requestSize[request.transport, default: BucketCounts(.octets)].observe(size.request)
        responseSize[request.transport, default: BucketCounts(.octets)].observe(size.response)
    }
}
