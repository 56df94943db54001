import DNSWire

/// A server's configuration in force, with its caches and upstreams; a reload makes a new one.
final class CacheEngine {
    var core: CacheCore
    /// One group for each server block that forwards.
    let groups: [UpstreamGroup?]
    let configuration: CacheConfiguration

    /// An engine with empty caches and no connections.
    init(_ configuration: CacheConfiguration, rules: CacheRules, ledger: CacheLedger, seed: UInt64) {
        self.configuration = configuration
        core = CacheCore(configuration: configuration, rules: rules, ledger: ledger, seed: seed)
        groups = configuration.blocks.map { $0.forward.map(UpstreamGroup.init) }
    }
}

/// Where an answer goes.
enum AnswerPath {
    /// Out of a UDP listener to a client.
    case udp(UDPListener, Endpoint)
    /// Back on a client's connection.
    case tcp(TCPClient)
    /// Nowhere: nobody asked.
    case nowhere
}

/// One query on its way through the upstreams of its server block.
final class Exchange {
    let engine: CacheEngine
    let group: UpstreamGroup
    let miss: CacheCore.Miss
    let path: AnswerPath
    var plan: ForwardPlan
    var transport: QueryTransport
    /// The upstream of the attempt under way.
    var upstream: UpstreamGroup.Upstream
    /// The socket of the attempt under way.
    var socket: UpstreamSocket?
    /// The socket came out of the pool.
    var isPooled = false
    /// The message ID of the attempt under way.
    var sentID: UInt16 = 0
    /// When the attempt under way began.
    var attemptStartedAt: Int64 = 0
    /// Queries that came in meanwhile and take the same answer.
    var joined: [(miss: CacheCore.Miss, path: AnswerPath)] = []
    /// Counts attempts, so that a deadline of an earlier one is recognised.
    var attempt = 0

    init(
        engine: CacheEngine,
        group: UpstreamGroup,
        first: UpstreamGroup.Upstream,
        miss: CacheCore.Miss,
        path: AnswerPath,
        plan: ForwardPlan
    ) {
        self.engine = engine
        self.group = group
        self.miss = miss
        self.path = path
        self.plan = plan
        upstream = first
        transport = miss.upstreamTransport
    }
}
