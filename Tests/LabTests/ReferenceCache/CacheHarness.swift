import DNSWire
import NodeLocal

@testable import Lab

/// A cache core with the seed's zones, a clock that tests move, and an upstream that is a function.
struct CacheHarness: ~Copyable {
    /// What the upstream of a test saw.
    struct Asked: Equatable {
        /// Why the upstream was asked.
        enum Reason { case miss, leakedHit, strayCopy }
        var reason: Reason
        var block: Int
        var transport: QueryTransport
        var octets: [UInt8]
    }

    static let second: Int64 = 1_000_000_000
    /// cluster.local, in-addr.arpa, ip6.arpa and the root zone, as in the seed.
    static let corefile = """
        cluster.local:53 {
            cache {
                success 9984 30
                denial 9984 5
            }
            bind 169.254.20.10
            loop
            forward . 10.96.0.10 {
                force_tcp
            }
            prometheus :9253
            health 169.254.20.10:8080
        }
        in-addr.arpa:53 ip6.arpa:53 {
            cache 30
            bind 169.254.20.10
            forward . 10.96.0.10 {
                force_tcp
            }
        }
        .:53 {
            cache 30
            bind 169.254.20.10
            forward . 192.0.2.53
        }
        """

    private static let configuration = Result {
        try CacheConfiguration(Corefile.parse(corefile, file: "Corefile")) { _ in [] }
    }

    var core: CacheCore
    var now: Int64 = 1_000_000_000_000
    var asked: [Asked] = []
    /// Answers a query that reaches the upstream; nil is silence until the deadline.
    var upstream: (Message) -> Message?

    init(
        _ profile: CacheProfile = .coreDNS1_13,
        _ defects: Set<CacheDefect> = [],
        upstream: @escaping (Message) -> Message?
    ) throws {
        core = CacheCore(
            configuration: try Self.configuration.get(),
            rules: CacheRules(profile: profile, defects: defects)
        )
        self.upstream = upstream
    }

    /// Sends octets and gives what comes back to the client, nil for silence.
    mutating func send(_ octets: [UInt8], _ transport: QueryTransport = .udp) -> [UInt8]? {
        switch core.receive(octets, transport: transport, now: now) {
        case .silence: return nil
        case .answer(let answer):
            record(answer)
            return answer.octets
        case .answerAndForward(let answer, let miss):
            record(answer)
            asked.append(
                Asked(
                    reason: .leakedHit,
                    block: miss.block,
                    transport: miss.upstreamTransport,
                    octets: miss.upstreamOctets
                )
            )
            return answer.octets
        case .forward(let miss):
            asked.append(
                Asked(reason: .miss, block: miss.block, transport: miss.upstreamTransport, octets: miss.upstreamOctets)
            )
            if let stray = core.blockForStrayCopy(of: miss) {
                asked.append(Asked(reason: .strayCopy, block: stray, transport: .tcp, octets: miss.upstreamOctets))
            }
            let answer = forward(miss)
            record(answer)
            return answer.octets
        }
    }

    private mutating func forward(_ miss: CacheCore.Miss) -> CacheCore.Answer {
        guard let query = try? Message(decoding: miss.upstreamOctets), let reply = upstream(query),
            let octets = try? reply.encode(), let answer = try? UpstreamAnswer(decoding: octets)
        else { return core.failed(miss, now: now) }
        return core.answered(miss, by: answer, now: now)
    }

    private func record(_ answer: CacheCore.Answer) {
        guard let report = answer.report else { return }
        core.ledger.record { report.add(to: &$0, now: report.arrivedAt) }
    }

    /// Asks for a name and decodes the answer.
    mutating func ask(
        _ name: String,
        _ type: RecordType = .a,
        edns: EDNS? = nil,
        over transport: QueryTransport = .udp,
        id: UInt16 = 4711
    ) throws -> Message? {
        let query = Message.query(id: id, name: try DNSName(name), type: type, edns: edns)
        return try send(try query.encode(), transport).map { try Message(decoding: $0) }
    }

    /// How many misses reached an upstream.
    var fetches: Int { asked.count { $0.reason == .miss } }

    /// Moves the clock.
    mutating func wait(seconds: Int64) { now += seconds * Self.second }
}

/// Upstream answers for tests.
enum Upstream {
    /// NOERROR with `count` A records.
    static func addresses(_ count: Int = 1, ttl: UInt32 = 300) -> (Message) -> Message? {
        { query in
            var reply = response(query)
            for question in query.questions {
                reply.answers = (0..<count).map {
                    record(question.name, ttl, .a(.v4(0xC612_0000 + UInt32($0))), .a)
                }
            }
            return reply
        }
    }

    /// Any rcode, with an SOA in the authority section unless told otherwise.
    static func negative(_ rcode: RCode, ttl: UInt32 = 300, minimum: UInt32 = 300, soa: Bool = true) -> (Message) ->
        Message?
    {
        { query in
            var reply = response(query)
            reply.rcode = rcode
            if soa, let zone = try? DNSName("cluster.local.") {
                reply.authorities = [
                    record(
                        zone,
                        ttl,
                        .soa(
                            SOA(
                                mname: zone,
                                rname: zone,
                                serial: 1,
                                refresh: 7200,
                                retry: 1800,
                                expire: 86400,
                                minimum: minimum
                            )
                        ),
                        .soa
                    )
                ]
            }
            return reply
        }
    }

    /// NOERROR with one record of the given data.
    static func data(_ data: RData, _ type: RecordType, ttl: UInt32 = 300) -> (Message) -> Message? {
        { query in
            var reply = response(query)
            reply.answers = query.questions.map { record($0.name, ttl, data, type) }
            return reply
        }
    }

    /// The empty answer of a recursive upstream.
    static func response(_ query: Message) -> Message {
        var reply = query.emptyResponse(rcode: .noError)
        reply.flags.recursionAvailable = true
        return reply
    }

    private static func record(_ name: DNSName, _ ttl: UInt32, _ data: RData, _ type: RecordType) -> ResourceRecord {
        ResourceRecord(name: name, type: type, ttl: ttl, data: data)
    }
}
