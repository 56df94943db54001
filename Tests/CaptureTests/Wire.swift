import DNSWire

@testable import Capture

/// A node cache's surroundings in memory: messages go in, what the capture makes of them comes out.
struct Wire: ~Copyable {
    static let pod = Endpoint(address: .v4(0x0AF4_0105), port: 40_000)
    static let cache = Endpoint(address: .v4(0xA9FE_140A), port: 53)
    static let node = Endpoint(address: .v4(0xAC12_0002), port: 50_000)
    static let endpoint = Endpoint(address: .v4(0x0AF4_0202), port: 53)
    static let clusterDNS = Endpoint(address: .v4(0x0A60_000A), port: 53)
    static let external = Endpoint(address: .v4(0xC633_6435), port: 53)

    static let roles = CaptureRoles(
        listen: [cache],
        clusterDNS: [clusterDNS.address],
        endpoints: [endpoint.address],
        externals: [external.address],
        nodeAddresses: [node.address]
    )

    private(set) var engine: CaptureEngine
    private var tape: Tape
    /// Nanoseconds since the Unix epoch.
    private(set) var now: Int64 = 1_700_000_000_000_000_000
    private var nextID: UInt16 = 1
    private var nextPort: UInt16 = 50_000
    private var streams: [Endpoint: UInt32] = [:]

    init(roles: CaptureRoles = Wire.roles, limits: CaptureLimits = CaptureLimits()) {
        let options = CaptureOptions(roles: roles, limits: limits)
        engine = CaptureEngine(options: options)
        tape = Tape(options: options)
    }

    /// Lets time pass.
    mutating func wait(milliseconds: Int64) {
        now += milliseconds * 1_000_000
    }

    /// Puts one frame on the wire.
    mutating func frame(_ octets: [UInt8], link: LinkType = .ethernet) {
        engine.accept(octets.span.bytes, link: link, at: now)
        tape.frames.append(Tape.Frame(octets: octets, link: link, time: now))
        now += 1_000
    }

    /// Puts one UDP message on the wire.
    mutating func udp(_ message: [UInt8], from source: Endpoint, to destination: Endpoint) {
        let datagram = PacketBuilder.udp(message, from: source, to: destination)
        frame(PacketBuilder.ethernet(PacketBuilder.ipv4(datagram, from: source, to: destination, ipProtocol: 17)))
    }

    /// Puts one message on the wire as a TCP segment of its own, in a stream that begins with it.
    mutating func tcp(_ message: [UInt8], from source: Endpoint, to destination: Endpoint) {
        if streams[source] == nil {
            segment([], from: source, to: destination, sequence: 99, flags: [.syn])
            streams[source] = 100
        }
        let framed = PacketBuilder.big(UInt16(message.count)) + message
        let sequence = streams[source] ?? 100
        segment(framed, from: source, to: destination, sequence: sequence)
        streams[source] = sequence + UInt32(framed.count)
    }

    /// Puts one TCP segment on the wire.
    mutating func segment(
        _ payload: [UInt8],
        from source: Endpoint,
        to destination: Endpoint,
        sequence: UInt32,
        acknowledgement: UInt32 = 0,
        flags: TCPFlags = []
    ) {
        let octets = PacketBuilder.tcp(
            payload,
            from: source,
            to: destination,
            sequence: sequence,
            acknowledgement: acknowledgement,
            flags: flags
        )
        frame(PacketBuilder.ethernet(PacketBuilder.ipv4(octets, from: source, to: destination, ipProtocol: 6)))
    }

    /// How the cache gets an answer.
    enum Path {
        case hit, overTCP, overUDP
    }

    /// A client asks the cache and gets an answer with this TTL, with or without an upstream exchange.
    mutating func ask(
        _ name: String,
        ttl: UInt32?,
        path: Path,
        denial: Bool = false,
        upstream: Endpoint = Wire.endpoint,
        type: RecordType = .a,
        isAnswerLost: Bool = false
    ) throws {
        let id = nextID
        nextID &+= 1
        let client = Endpoint(address: Self.pod.address, port: 40_000 &+ id)
        let question = try DNSName(name)
        udp(try Self.query(question, id: id, type: type), from: client, to: Self.cache)
        now += 100_000
        if path != .hit {
            let source = Endpoint(address: Self.node.address, port: nextPort)
            nextPort &+= 1
            let query = try Self.query(question, id: id ^ 0x5A5A, type: type)
            let response = try Self.response(question, id: id ^ 0x5A5A, ttl: 300, denial: denial, type: type)
            if path == .overTCP {
                tcp(query, from: source, to: upstream)
                now += 300_000
                tcpReply(response, from: upstream, to: source)
            } else {
                udp(query, from: source, to: upstream)
                now += 300_000
                udp(response, from: upstream, to: source)
            }
        }
        now += 100_000
        guard !isAnswerLost else { return }
        udp(try Self.response(question, id: id, ttl: ttl, denial: denial, type: type), from: Self.cache, to: client)
    }

    /// A query in wire form.
    static func query(_ name: DNSName, id: UInt16, type: RecordType = .a) throws -> [UInt8] {
        try Message.query(id: id, name: name, type: type).encode()
    }

    /// A response in wire form: one address, or an NXDOMAIN with SOA, each with the TTL.
    static func response(
        _ name: DNSName,
        id: UInt16,
        ttl: UInt32?,
        denial: Bool = false,
        type: RecordType = .a
    ) throws -> [UInt8] {
        var message = Message.query(id: id, name: name, type: type).emptyResponse(rcode: denial ? .nxDomain : .noError)
        guard let ttl else { return try message.encode() }
        if denial {
            let data = try SOA(
                mname: DNSName("ns.example."),
                rname: DNSName("root.example."),
                serial: 1,
                refresh: 1,
                retry: 1,
                expire: 1,
                minimum: 30
            )
            message.authorities = [ResourceRecord(name: name, type: .soa, ttl: ttl, data: .soa(data))]
        } else {
            message.answers = [ResourceRecord(name: name, type: .a, ttl: ttl, data: .a(.v4(0xC612_0601)))]
        }
        return try message.encode()
    }

    /// Ends the capture.
    consuming func finish(kernelDrops: UInt64 = 0) -> Tape {
        tape.kernelDrops = kernelDrops
        tape.result = Tape.finish(&engine, kernelDrops: kernelDrops)
        return tape
    }

    private mutating func tcpReply(_ message: [UInt8], from source: Endpoint, to destination: Endpoint) {
        let framed = PacketBuilder.big(UInt16(message.count)) + message
        segment([], from: source, to: destination, sequence: 499, flags: [.syn, .ack])
        segment(framed, from: source, to: destination, sequence: 500)
    }
}

/// Frames in memory, which can be looked at again with other zones and requirements.
struct Tape {
    struct Frame {
        var octets: [UInt8]
        var link: LinkType
        var time: Int64
    }

    fileprivate(set) var frames: [Frame] = []
    fileprivate var kernelDrops: UInt64 = 0
    private let options: CaptureOptions
    fileprivate var result: CaptureResult?

    fileprivate init(options: CaptureOptions) {
        self.options = options
    }

    var report: CaptureReport { result.unsafelyUnwrapped.report }
    var records: [MessageRecord] { result.unsafelyUnwrapped.records }
    var findings: CaptureFindings { result.unsafelyUnwrapped.findings }
    var ledger: Ledger { findings.ledger }

    /// What the frames say of these zones.
    func observation(zones: [ProofZone], requirements: ProofRequirements = ProofRequirements()) -> Observation {
        var options = options
        options.zones = zones
        options.requirements = requirements
        return capture(options).observation
    }

    private func capture(_ options: CaptureOptions) -> CaptureResult {
        var engine = CaptureEngine(options: options)
        for frame in frames { engine.accept(frame.octets.span.bytes, link: frame.link, at: frame.time) }
        return Self.finish(&engine, kernelDrops: kernelDrops)
    }

    fileprivate static func finish(_ engine: inout CaptureEngine, kernelDrops: UInt64) -> CaptureResult {
        engine.sourceDrops.kernel = kernelDrops
        engine.finish()
        return CaptureResult(
            report: engine.report,
            records: engine.records(),
            findings: engine.findings,
            span: engine.span
        )
    }
}
