package import DNSWire
package import LinuxNet
import Measure

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
    /// Whether each entry of the series keeps its histograms, as text.
    package var keepsIntervalHistograms = false
    /// The receive buffer asked for on each socket, bytes.
    package var receiveBufferBytes: Int
    /// The 99th percentile of the send lag above which an open-loop run is invalid.
    package var sendLagBoundNanoseconds: Int64
    /// TCP: queries in flight on one connection; `nil` shares the outstanding ones, or sets no limit in an open loop.
    package var pipelineDepth: Int?
    /// TCP: a connection is closed and replaced after this many queries; `nil` leaves that to the server.
    package var queriesPerConnection: Int?
    /// UDP: equal lengths leave in one call as one large packet that the kernel cuts up (UDP_SEGMENT).
    ///
    /// A stress mode: the stack is walked once for many queries, so that it costs less than real clients would.
    package var usesSegmentation: Bool
    /// UDP: an answer with the TC bit is asked for again over TCP, and its query ends with that answer (RFC 7766).
    package var retriesTruncated: Bool
    /// The local addresses and ports of the sockets.
    package var sources: SourceRange
    /// How closely answers are looked at.
    package var verification: VerificationTier
    /// Receives the address and port of each socket that sends single queries; lookups have too many.
    package var sourceLog: SourceLog?

    /// How long after its timeout a query's id rests, so that its late answer is known for what it is.
    ///
    /// After that the answer is taken for a foreign one.
    var quarantineNanoseconds: Int64 { max(timeoutNanoseconds, 1_000_000_000) }

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
        queriesPerConnection: Int? = nil,
        usesSegmentation: Bool = false,
        retriesTruncated: Bool = false,
        sources: SourceRange = SourceRange(),
        verification: VerificationTier = .question
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
        self.usesSegmentation = usesSegmentation
        self.retriesTruncated = retriesTruncated
        self.sources = sources
        self.verification = verification
    }

    /// The asked rate over all threads, the mean where it changes; 0 in a closed loop.
    package var offeredQueriesPerSecond: Double {
        guard case .open(let profile, _) = model else { return 0 }
        return profile.meanPerSecond(within: limit.durationNanoseconds ?? profile.durationNanoseconds ?? 1_000_000_000)
    }
}
