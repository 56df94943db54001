import DNSWire
import NodeLocal

/// What a Corefile asks of the cache, in the terms of its code.
struct CacheConfiguration: Sendable, Equatable {
    /// The server blocks in the order of the file.
    var blocks: [Block]
    /// When the file is read again; nil without the `reload` plugin.
    var reload: Reload?
    /// Where `/health` is served.
    var health: Endpoint?
    /// Where `/metrics` is served.
    var metrics: Endpoint?

    /// The interval of the `reload` plugin.
    struct Reload: Sendable, Equatable {
        var intervalNanoseconds: Int64 = 30_000_000_000
        var jitterNanoseconds: Int64 = 15_000_000_000
    }

    /// One server block.
    struct Block: Sendable, Equatable {
        var zones: [DNSName]
        var listen: [Endpoint]
        var cache: Cache?
        var forward: Forward?
        var probesLoop = false
        /// Names of the plugins, for `coredns_plugin_enabled`.
        var plugins: [String] = []
        /// Whether the block's queries are counted.
        var countsQueries = true
    }

    /// The `cache` plugin of a block.
    struct Cache: Sendable, Equatable {
        var successCapacity = 9984
        var successTTL: UInt32 = 3600
        var denialCapacity = 9984
        var denialTTL: UInt32 = 1800
        var successMinimumTTL: UInt32?
        var denialMinimumTTL: UInt32?
        var servfailTTL: UInt32 = 5
        var keepsTTL = false
        /// For how long an expired entry is given out while it is fetched again; nil without `serve_stale`.
        var staleSeconds: Int64?
        /// When popular entries are fetched before they expire; nil without `prefetch`.
        var prefetch: CacheSettings.Prefetch?
    }

    /// The `forward` plugin of a block.
    struct Forward: Sendable, Equatable {
        /// Which transport upstream queries take.
        enum Transport: Sendable, Equatable { case mirrorsClient, tcp, udp }
        /// The order in which upstreams are tried.
        enum Policy: String, Sendable { case random, roundRobin = "round_robin", sequential }

        var upstreams: [Endpoint]
        var transport = Transport.mirrorsClient
        var policy = Policy.random
        var maximumFails: UInt32 = 2
        var expireNanoseconds: Int64 = 10_000_000_000
        var healthCheckNanoseconds: Int64 = 500_000_000
        var maximumConcurrent: Int?
    }
}

extension CacheConfiguration {
    /// Each address that is listened on, once, in the order of the file.
    var listeners: [Endpoint] {
        var seen: [Endpoint] = []
        for endpoint in blocks.flatMap(\.listen) where !seen.contains(endpoint) { seen.append(endpoint) }
        return seen
    }
}
