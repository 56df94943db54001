import Synchronization

/// What the cache has counted since it started; shared between the serving thread and the pages.
final class CacheLedger: Sendable {
    private let state: Mutex<Counters>

    /// An empty ledger.
    init() { state = Mutex(Counters()) }

    /// Changes the counters.
    func record(_ change: (inout Counters) -> Void) {
        state.withLock { change(&$0) }
    }

    /// The counters as they are now.
    var snapshot: Counters { state.withLock { $0 } }
}

/// All that the metrics pages show.
struct Counters: Sendable {
    /// Identifies the zone that a query was for.
    struct ZoneKey: Hashable, Sendable {
        var server: String
        var zone: String
    }

    /// Labels of one request counter.
    struct RequestKey: Hashable, Sendable {
        var transport: QueryTransport
        var isIPv6: Bool
        /// Nil for a type that is counted as `other`.
        var type: UInt16?
    }

    /// Labels of one response counter.
    struct ResponseKey: Hashable, Sendable {
        var rcode: UInt16
        var plugin: String
    }

    /// What is counted for each zone.
    struct Zone: Sendable {
        var requests: [RequestKey: UInt64] = [:]
        var responses: [ResponseKey: UInt64] = [:]
        var dnssecOK: UInt64 = 0
        var duration = BucketCounts(.seconds)
        var requestSize: [QueryTransport: BucketCounts] = [:]
        var responseSize: [QueryTransport: BucketCounts] = [:]
    }

    /// What is counted for each server block with a cache.
    struct Cache: Sendable {
        var requests: UInt64 = 0
        var successHits: UInt64 = 0
        var denialHits: UInt64 = 0
        var misses: UInt64 = 0
        var drops: UInt64 = 0
        var successEvictions: UInt64 = 0
        var denialEvictions: UInt64 = 0
        var entries: (success: Int, denial: Int)?

        /// How a lookup ended.
        enum Lookup { case success, denial, miss }

        /// Counts one lookup.
        mutating func note(_ lookup: Lookup, countsHits: Bool) {
            requests += 1
            switch lookup {
            case .miss: misses += 1
            case .success where countsHits: successHits += 1
            case .denial where countsHits: denialHits += 1
            case .success, .denial: break
            }
        }

        /// Counts what storing an entry has changed.
        mutating func note(entries: (success: Int, denial: Int), evicted: (success: Bool, denial: Bool)) {
            self.entries = entries
            if evicted.success { successEvictions += 1 }
            if evicted.denial { denialEvictions += 1 }
        }
    }

    /// Identifies a connection counter.
    struct ConnectionKey: Hashable, Sendable {
        var upstream: String
        var transport: QueryTransport
    }

    /// Identifies an upstream duration histogram.
    struct ExchangeKey: Hashable, Sendable {
        var upstream: String
        var rcode: UInt16
    }

    var zones: [ZoneKey: Zone] = [:]
    var caches: [ZoneKey: Cache] = [:]
    var connectionHits: [ConnectionKey: UInt64] = [:]
    var connectionMisses: [ConnectionKey: UInt64] = [:]
    var exchanges: [ExchangeKey: BucketCounts] = [:]
    var healthCheckFailures: [String: UInt64] = [:]
    var healthCheckBroken: UInt64 = 0
    var concurrentRejects: UInt64 = 0
    var panics: UInt64 = 0
    var healthDuration = BucketCounts(.slimSeconds)
    var healthFailures: UInt64 = 0
    var reloadFailures: UInt64 = 0
    /// Hash of the Corefile in force, once there was a reload.
    var reloadVersion: String?
    /// server, zone and name of each plugin in force.
    var plugins: [(server: String, zone: String, name: String)] = []
}

/// A histogram with fixed upper bounds, as Prometheus has them.
struct BucketCounts: Sendable {
    /// The upper bounds that CoreDNS uses (plugin/plugin.go, plugin/metrics/vars/vars.go).
    enum Bounds: Sendable {
        /// 0.25 ms times 2^n, n below 16.
        case seconds
        /// 0.25 ms times 10^n, n below 5.
        case slimSeconds
        /// Octets of a message.
        case octets

        /// The finite bounds.
        var values: [Double] {
            switch self {
            case .seconds: Self.secondValues
            case .slimSeconds: [0.00025, 0.0025, 0.025, 0.25, 2.5]
            case .octets: Self.octetValues
            }
        }

        private static let secondValues = (0..<16).map { 0.00025 * Double(1 << $0) }
        private static let octetValues: [Double] = [
            0, 100, 200, 300, 400, 511, 1023, 2047, 4095, 8291, 16_000, 32_000, 48_000, 64_000,
        ]
    }

    let bounds: Bounds
    /// Observations at or below each finite bound and above the one before it.
    private(set) var counts: [UInt64]
    private(set) var total: UInt64 = 0
    private(set) var sum: Double = 0

    /// An empty histogram.
    init(_ bounds: Bounds) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.values.count)
    }

    /// Counts one observation.
    mutating func observe(_ value: Double) {
        total += 1
        sum += value
        if let index = bounds.values.firstIndex(where: { value <= $0 }) { counts[index] += 1 }
    }
}
