package import DNSWire
package import LinuxNet
package import Measure

/// How queries travel.
package enum LoadTransport: String, Sendable, Hashable, CaseIterable {
    /// One datagram a query.
    case udp
    /// A length-prefixed stream (RFC 7766), pipelined.
    case tcp
}

/// When queries are sent.
package enum LoadModel: Sendable, Hashable {
    /// A new query as soon as an old one has ended, with `outstanding` in flight over all connections and threads.
    ///
    /// Latencies of a closed loop hide a server's stalls: the intended send time is the actual one.
    case closed(outstanding: Int)
    /// Queries at their intended times, whatever the answers do; the rate is the total over connections and threads.
    case open(ratePerSecond: Double, spacing: ArrivalSchedule.Spacing = .constant)
}

/// When a load ends.
package enum LoadLimit: Sendable, Hashable {
    /// After this long.
    case duration(nanoseconds: Int64)
    /// After this many queries over all threads.
    case queries(UInt64)
    /// After this long or this many queries, whichever comes first.
    case either(nanoseconds: Int64, queries: UInt64)
}

/// How exactly a thread keeps the intended send times.
package enum Pacing: String, Sendable, Hashable, CaseIterable {
    /// Sleeps until shortly before a query is due, then spins.
    case precise
    /// Sleeps only; for nodes whose CPUs belong to workloads.
    case lowCPU
}

/// All that one load run is to do.
package struct LoadPlan: Sendable {
    /// The server.
    package var target: Endpoint
    /// The server's name in results.
    package var targetName: String
    /// How queries travel.
    package var transport: LoadTransport
    /// When queries are sent.
    package var model: LoadModel
    /// When the load ends.
    package var limit: LoadLimit
    /// How long an answer is waited for, from the actual send.
    package var timeoutNanoseconds: Int64
    /// Sockets over all threads; each has its own source port.
    package var connections: Int
    /// Threads; each has its own sockets, tables and histograms.
    package var threads: Int
    /// The network namespace that queries are sent from; `nil` for the caller's.
    package var namespace: NetworkNamespace?
    /// Decides message ids and random gaps.
    package var seed: UInt64
    /// The phase's name in results, such as `warm`.
    package var phase: String
    /// How exactly intended times are kept.
    package var pacing: Pacing
    /// The time over which one entry of the series runs.
    package var intervalNanoseconds: Int64
    /// The receive buffer asked for on each socket, bytes.
    package var receiveBufferBytes: Int
    /// The 99th percentile of the send lag above which an open-loop run is invalid.
    package var sendLagBoundNanoseconds: Int64
    /// TCP: queries in flight on one connection; `nil` shares the outstanding ones, or sets no limit in an open loop.
    package var pipelineDepth: Int?
    /// TCP: a connection is closed and replaced after this many queries; `nil` leaves that to the server.
    package var queriesPerConnection: Int?

    /// A plan with defaults for all but target, model and limit.
    package init(
        target: Endpoint,
        targetName: String? = nil,
        transport: LoadTransport = .udp,
        model: LoadModel,
        limit: LoadLimit,
        timeoutNanoseconds: Int64 = 5_000_000_000,
        connections: Int = 8,
        threads: Int = 1,
        namespace: NetworkNamespace? = nil,
        seed: UInt64 = 0,
        phase: String = "load",
        pacing: Pacing = .precise,
        intervalNanoseconds: Int64 = 1_000_000_000,
        receiveBufferBytes: Int = 4 << 20,
        sendLagBoundNanoseconds: Int64 = 20_000_000,
        pipelineDepth: Int? = nil,
        queriesPerConnection: Int? = nil
    ) {
        self.target = target
        self.targetName = targetName ?? target.description
        self.transport = transport
        self.model = model
        self.limit = limit
        self.timeoutNanoseconds = timeoutNanoseconds
        self.connections = connections
        self.threads = threads
        self.namespace = namespace
        self.seed = seed
        self.phase = phase
        self.pacing = pacing
        self.intervalNanoseconds = intervalNanoseconds
        self.receiveBufferBytes = receiveBufferBytes
        self.sendLagBoundNanoseconds = sendLagBoundNanoseconds
        self.pipelineDepth = pipelineDepth
        self.queriesPerConnection = queriesPerConnection
    }

    /// The asked rate over all threads; 0 in a closed loop.
    package var offeredQueriesPerSecond: Double {
        switch model {
        case .closed: 0
        case .open(let rate, _): rate
        }
    }
}

extension LoadLimit {
    /// The longest time that queries are sent for; `nil` when only their number counts.
    package var durationNanoseconds: Int64? {
        switch self {
        case .duration(let nanoseconds), .either(let nanoseconds, _): nanoseconds
        case .queries: nil
        }
    }

    /// The most queries sent over all threads; `nil` when only time counts.
    package var queryCount: UInt64? {
        switch self {
        case .queries(let count), .either(_, let count): count
        case .duration: nil
        }
    }
}
