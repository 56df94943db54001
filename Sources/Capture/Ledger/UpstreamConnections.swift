package import DNSWire
package import Measure

/// What became of the cache's TCP connections to the servers behind it.
package struct UpstreamConnections: Sendable {
    /// What one server got.
    package struct Share: Sendable, Hashable {
        package var server: Endpoint
        package var connections: UInt64 = 0
        package var queries: UInt64 = 0
    }

    /// How a connection ended.
    enum Ending {
        case open, closedByClient, closedByServer, resetByClient, resetByServer, refused, unanswered
    }

    private static let mostServers = 256
    /// Connections of which a segment was seen.
    package private(set) var connections: UInt64 = 0
    /// Those of which the handshake was seen.
    package private(set) var opened: UInt64 = 0
    /// Queries in all of them.
    package private(set) var queries: UInt64 = 0
    /// Ended first by the cache's FIN.
    package private(set) var closedByCache: UInt64 = 0
    /// Ended first by the server's FIN.
    package private(set) var closedByServer: UInt64 = 0
    /// Reset by the cache.
    package private(set) var resetByCache: UInt64 = 0
    /// Reset by the server after the handshake.
    package private(set) var resetByServer: UInt64 = 0
    /// Refused: RST in answer to SYN.
    package private(set) var refused: UInt64 = 0
    /// SYN without an answer.
    package private(set) var unanswered: UInt64 = 0
    /// SYN segments sent again.
    package private(set) var repeatedSYN: UInt64 = 0
    /// Queries of one connection.
    package private(set) var queriesPerConnection = LatencyHistogram()
    /// From SYN to the end of the handshake, nanoseconds.
    package private(set) var handshake = LatencyHistogram()
    /// Closed connections that carried one query.
    package private(set) var singles: UInt64 = 0
    private(set) var firstSingles: [Evidence] = []
    private var shares: [Endpoint: Share] = [:]
    /// Connections to servers beyond those that are kept apart.
    package private(set) var beyondShares: UInt64 = 0

    /// The servers, the one with most queries first.
    package var servers: [Share] {
        shares.values.sorted {
            ($1.queries, $1.connections, "\($0.server)") < ($0.queries, $0.connections, "\($1.server)")
        }
    }

    /// How unevenly queries fall on the servers: 0 when alike, towards 1 when one gets all (Gini coefficient).
    package var skew: Double {
        let counts = shares.values.map { Double($0.queries) }.sorted()
        let sum = counts.reduce(0, +)
        guard counts.count > 1, sum > 0 else { return 0 }
        let weighted = counts.enumerated().reduce(0) { $0 + Double($1.offset + 1) * $1.element }
        return 2 * weighted / (Double(counts.count) * sum) - Double(counts.count + 1) / Double(counts.count)
    }

    /// Most connections carry one query: nothing is reused.
    package var areUsedOnce: Bool { connections >= 4 && singles * 4 > connections * 3 }

    /// Whether a frame that shows a connection for one query is still wanted.
    var wantsSingle: Bool { firstSingles.count < 4 }

    mutating func add(_ book: ConnectionBook, server: Endpoint, evidence: Evidence?) {
        if book.queries == 1, book.ending != .open {
            singles += 1
            if let evidence, firstSingles.count < 4 { firstSingles.append(evidence) }
        }
        connections += 1
        if book.synAt != .min { opened += 1 }
        queries += book.queries
        repeatedSYN += book.repeatedSYN
        queriesPerConnection.record(Int64(clamping: book.queries))
        if book.synAt != .min, book.establishedAt != .min {
            handshake.record(max(0, book.establishedAt - book.synAt))
        }
        switch book.ending {
        case .open: break
        case .closedByClient: closedByCache += 1
        case .closedByServer: closedByServer += 1
        case .resetByClient: resetByCache += 1
        case .resetByServer: resetByServer += 1
        case .refused: refused += 1
        case .unanswered: unanswered += 1
        }
        guard shares[server] != nil || shares.count < Self.mostServers else {
            beyondShares += 1
            return
        }
        shares[server, default: Share(server: server)].connections += 1
        shares[server, default: Share(server: server)].queries += book.queries
    }
}

/// What is noted of one TCP connection while it lives.
struct ConnectionBook {
    /// The end that asks is the lower one.
    var isClientLow = true
    var side = Side.foreign
    /// When the first SYN was seen; `.min` when it was not.
    var synAt: Int64 = .min
    var synFrame: FrameNumber = 0
    var synSequence: UInt32 = 0
    var repeatedSYN: UInt64 = 0
    /// The server's SYN was seen.
    var isAnswered = false
    /// When the client confirmed it.
    var establishedAt: Int64 = .min
    var queries: UInt64 = 0
    var responses: UInt64 = 0
    var ending = UpstreamConnections.Ending.open
    /// It is in the sums.
    var isBooked = false
}
