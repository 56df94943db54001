internal import DNSWire

/// What the observer saw while one check ran, looked at once and by name.
struct UpstreamView: Sendable {
    private var queries: [DNSName: [UpstreamObservation]] = [:]
    /// Why nothing can be said; nil when the view is whole.
    let impairment: String?

    /// Waits for the observer and takes what it saw since `since` (CLOCK_REALTIME); `lossesBefore` are older losses.
    init(_ observer: UpstreamObserver, since: Int64, lossesBefore: UInt64) async {
        let isFlushed = await observer.flush()
        for query in observer.queries(since) where !query.isResponse {
            queries[query.name.lowercased, default: []].append(query)
        }
        let lost = observer.losses() &- lossesBefore
        if lost > 0 {
            impairment = lost == 1 ? "the capture lost a packet" : "the capture lost \(lost) packets"
        } else {
            impairment = isFlushed ? nil : "the capture did not keep up"
        }
    }

    /// The upstream queries for a name in any letter case.
    func queries(for name: DNSName) -> [UpstreamObservation] { queries[name.lowercased] ?? [] }
}
