/// The latest responses whose query was not seen, in case it stands behind them.
///
/// Frames of two interfaces or files can change places; C-DNS's compactor waits ten microseconds for such a query.
struct EarlyResponses: ~Copyable {
    private struct Entry {
        var key = Key128.zero
        var response: Sighting
    }

    private static let size = 32
    private var entries: [Entry] = []
    private var next = 0
    private var latest: Int64 = .min

    /// Remembers a response to nothing.
    mutating func add(_ response: Sighting, key: Key128) {
        latest = max(latest, response.span.lastTime)
        guard entries.count == Self.size else { return entries.append(Entry(key: key, response: response)) }
        entries[next] = Entry(key: key, response: response)
        next = (next + 1) % Self.size
    }

    /// A response that was found; valid until the next one is added.
    subscript(place: Int) -> Sighting { entries[place].response }

    /// Finds the response that stands before its query, within what frames can be out of order, and forgets its key.
    mutating func take(_ query: Sighting, key: Key128) -> Int? {
        guard latest != .min, query.span.firstTime &- latest <= Joins.skewNanoseconds else { return nil }
        for index in entries.indices where entries[index].key == key {
            let response = entries[index].response
            guard (query.span.firstTime &- response.span.lastTime).magnitude <= UInt64(Joins.skewNanoseconds) else {
                continue
            }
            entries[index].key = .zero
            return index
        }
        return nil
    }
}
