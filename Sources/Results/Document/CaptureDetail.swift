/// What a capture tells beyond its counts; every part is absent when it was not looked at.
package struct CaptureDetail: Codable, Sendable, Equatable {
    /// The books of one zone of the Corefile.
    package struct Zone: Codable, Sendable, Equatable {
        /// The zone's name.
        package var zone: String
        /// The same counts as those of the whole capture.
        package var ledger: [String: UInt64]
        /// TTLs that hits showed by their age, at most one for each second of age; absent without hits.
        package var ttlDecay: [TTLPoint]?

        /// Creates the books of a zone.
        package init(zone: String, ledger: [String: UInt64], ttlDecay: [TTLPoint]? = nil) {
            self.zone = zone
            self.ledger = ledger
            self.ttlDecay = ttlDecay
        }

        enum CodingKeys: String, CodingKey {
            case zone, ledger
            case ttlDecay = "ttl_decay"
        }
    }

    /// The TTL that a hit showed, and how old the answer was then.
    package struct TTLPoint: Codable, Sendable, Equatable {
        /// Nanoseconds since the cache was seen to store the answer.
        package var ageNanoseconds: Int64
        /// The TTL that it was stored with, in seconds.
        package var storedSeconds: UInt32
        /// The TTL that the hit showed, in seconds.
        package var shownSeconds: UInt32

        /// Creates a point.
        package init(ageNanoseconds: Int64, storedSeconds: UInt32, shownSeconds: UInt32) {
            self.ageNanoseconds = ageNanoseconds
            self.storedSeconds = storedSeconds
            self.shownSeconds = shownSeconds
        }

        enum CodingKeys: String, CodingKey {
            case ageNanoseconds = "age_ns"
            case storedSeconds = "stored_s"
            case shownSeconds = "shown_s"
        }
    }

    /// The cache's TCP connections to the servers behind it.
    package struct Connections: Codable, Sendable, Equatable {
        /// What one server got.
        package struct Server: Codable, Sendable, Equatable {
            /// The server's address.
            package var address: String
            /// Its port.
            package var port: UInt16
            /// Connections to it.
            package var connections: UInt64
            /// Queries in them.
            package var queries: UInt64

            /// Creates the share of a server.
            package init(address: String, port: UInt16, connections: UInt64, queries: UInt64) {
                self.address = address
                self.port = port
                self.connections = connections
                self.queries = queries
            }
        }

        /// Counts by name: `connections`, `opened`, `queries`, `closed_by_cache` and others;
        /// `to_other_servers` are those to servers beyond the ones that are kept apart.
        package var counts: [String: UInt64]
        /// Queries of one connection: `p50`, `p99`, `max`.
        package var queriesPerConnection: [String: Int64]
        /// The servers, the one with most queries first.
        package var servers: [Server]
        /// How unevenly queries fall on the servers, 0 to 1 (Gini coefficient).
        package var skew: Double

        /// Creates the books of all connections.
        package init(
            counts: [String: UInt64],
            queriesPerConnection: [String: Int64],
            servers: [Server],
            skew: Double
        ) {
            self.counts = counts
            self.queriesPerConnection = queriesPerConnection
            self.servers = servers
            self.skew = skew
        }

        enum CodingKeys: String, CodingKey {
            case counts
            case queriesPerConnection = "queries_per_connection"
            case servers, skew
        }
    }

    /// A fault that the wire shows.
    package struct Fault: Codable, Sendable, Equatable {
        /// Its name.
        package var id: String
        /// How often it was seen.
        package var count: UInt64
        /// What it means, and what to look at.
        package var meaning: String
        /// The first frames that show it.
        package var evidence: [EvidenceRecord]

        /// Creates a fault.
        package init(id: String, count: UInt64, meaning: String, evidence: [EvidenceRecord]) {
            self.id = id
            self.count = count
            self.meaning = meaning
            self.evidence = evidence
        }
    }

    /// A client that asks past the cache.
    package struct Bypass: Codable, Sendable, Equatable {
        /// The client's address.
        package var address: String
        /// Queries to the cluster DNS IP.
        package var queries: UInt64

        /// Creates the count of a client.
        package init(address: String, queries: UInt64) {
            self.address = address
            self.queries = queries
        }
    }

    /// The identities of the counts, in words.
    package var accounting: [String]
    /// The books of each zone.
    package var zones: [Zone]
    /// Where the time of queries goes: `hit`, `miss`, `wait`, `handshake`, `upstream_udp`, `upstream_tcp`, `after`.
    package var latency: [String: LatencySummary]
    /// The cache's TCP connections to the servers behind it.
    package var connections: Connections
    /// Faults that the wire shows.
    package var faults: [Fault]
    /// Clients that ask past the cache.
    package var bypass: [Bypass]
    /// Queries past the cache of clients beyond those that are kept apart; absent when there are none.
    package var bypassOthers: UInt64?

    /// Creates the details.
    package init(
        accounting: [String],
        zones: [Zone],
        latency: [String: LatencySummary],
        connections: Connections,
        faults: [Fault],
        bypass: [Bypass],
        bypassOthers: UInt64? = nil
    ) {
        self.accounting = accounting
        self.zones = zones
        self.latency = latency
        self.connections = connections
        self.faults = faults
        self.bypass = bypass
        self.bypassOthers = bypassOthers
    }

    enum CodingKeys: String, CodingKey {
        case accounting, zones
        case latency = "latency_ns"
        case connections, faults, bypass
        case bypassOthers = "bypass_others"
    }
}
