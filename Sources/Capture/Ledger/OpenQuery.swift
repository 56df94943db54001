import DNSWire

/// A query that waits for its response, with what is known of its way through the cache.
struct OpenQuery {
    /// How far the cache is with a client's query.
    enum Stage: UInt8 {
        /// No client's query, or none that can be joined.
        case none
        /// No upstream query was seen for it.
        case fresh
        /// Its upstream query waits.
        case pending
        /// Its upstream query was answered.
        case answered
    }

    /// The first upstream query that was made for it.
    struct Upstream {
        var frame: FrameNumber = 0
        var time: Int64 = 0
        var transport = Transport.udp
        var source = Endpoint(address: .v4(0), port: 0)
        var destination = Endpoint(address: .v4(0), port: 0)
        /// When it got a response, be it a truncated one.
        var repliedAt: Int64 = .min
        /// When it was answered.
        var answeredAt: Int64 = .min
        /// The TTL of that answer, seconds; `.max` when nothing of it can be kept.
        var ttl = UInt32.max
        /// That answer denies.
        var isDenial = false
        /// Where it is in the table while it waits, and that place's generation.
        var place: Int32 = -1
        var generation: UInt32 = 0
    }

    var key = Key128.zero
    /// Stands for the question, id and transport, which address translation leaves alone.
    var looseKey = Key128.zero
    var time: Int64 = 0
    var frame: FrameNumber = 0
    var side = Side.foreign
    var transport = Transport.udp
    var variant: UInt8 = 0
    var stage = Stage.none
    /// An earlier query for the same question waited when this one came.
    var isConcurrent = false
    /// Upstream queries made for it.
    var upstreamCount: UInt16 = 0
    /// Counts the uses of this place, so that an old reference is known for what it is.
    var generation: UInt32 = 0
    /// Its question, -1 when it has none that is kept.
    var question: Int32 = -1
    /// Neighbours by age.
    var older: Int32 = -1
    var newer: Int32 = -1
    /// Neighbours among those of the same question and stage.
    var previous: Int32 = -1
    var next: Int32 = -1
    /// For an upstream query: the client's query that it was made for, and that place's generation.
    var client: Int32 = -1
    var clientGeneration: UInt32 = 0
    /// The query for the other address type that was sent beside it, and whether that one was answered.
    var twin = PairTable.Reference()
    var isTwinAnswered = false
    var clientEnd = Endpoint(address: .v4(0), port: 0)
    var upstream = Upstream()

    /// The first upstream query, if there was one.
    var upstreamIfAny: Upstream? { upstreamCount > 0 ? upstream : nil }
}
