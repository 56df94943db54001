import DNSWire
import LinuxNet
import Testing

@testable import Lab

/// A cache server on a free port of 127.0.0.1, on a thread of its own, in front of one scripted upstream.
final class RunningCache: Sendable {
    let endpoint: Endpoint
    let control = CacheControl()
    private let thread: RunningThread

    /// Starts the server; `.` goes to `upstream` by the client's transport, cluster.local by TCP.
    convenience init(
        _ defects: Set<CacheDefect> = [],
        profile: CacheProfile = .coreDNS1_13,
        upstream: ScriptedUpstream,
        seed: UInt64 = 1
    ) throws {
        try self.init(defects, profile: profile, cluster: upstream.endpoint, external: upstream.endpoint, seed: seed)
    }

    /// Starts the server with an upstream for the cluster's zones and another one for the rest.
    init(
        _ defects: Set<CacheDefect> = [],
        profile: CacheProfile = .coreDNS1_13,
        cluster: Endpoint,
        external: Endpoint,
        seed: UInt64 = 1
    ) throws {
        var started: (endpoint: Endpoint, thread: RunningThread)?
        // Somebody may take the port between the look for a free one and the server.
        for _ in 0..<8 where started == nil {
            let free = try TCPListener(bindTo: Endpoint(address: .v4(0x7F00_0001), port: 0))
            let endpoint = try free.localEndpoint
            _ = consume free
            let configuration = try Self.configuration(at: endpoint, cluster: cluster, external: external)
            let rules = CacheRules(profile: profile, defects: defects)
            started = try Self.start(configuration, rules, control, seed: seed).map { (endpoint, $0) }
        }
        (endpoint, thread) = try #require(started, "no port is free for a cache")
    }

    private static func configuration(
        at endpoint: Endpoint,
        cluster: Endpoint,
        external: Endpoint
    ) throws -> CacheConfiguration {
        let cache = CacheConfiguration.Cache(successTTL: 30, denialTTL: 5)
        return CacheConfiguration(blocks: [
            CacheConfiguration.Block(
                zones: [
                    try DNSName("cluster.local."), try DNSName("in-addr.arpa."), try DNSName("ip6.arpa."),
                ],
                listen: [endpoint],
                cache: cache,
                forward: CacheConfiguration.Forward(upstreams: [cluster], transport: .tcp)
            ),
            CacheConfiguration.Block(
                zones: [.root],
                listen: [endpoint],
                cache: cache,
                forward: CacheConfiguration.Forward(upstreams: [external])
            ),
        ])
    }

    /// The thread of a server that listens; nil when it could not.
    private static func start(
        _ configuration: CacheConfiguration,
        _ rules: CacheRules,
        _ control: CacheControl,
        seed: UInt64
    ) throws -> RunningThread? {
        let (listens, fails) = (StopFlag(), StopFlag())
        let thread = try Threads.start(name: "cache") {
            guard let server = try? CacheServer(configuration, rules: rules, control: control, seed: seed) else {
                fails.raise()
                return
            }
            listens.raise()
            try? server.run()
        }
        while !listens.isRaised, !fails.isRaised { Clock.sleep(untilMonotonic: Clock.deadline(after: 1_000_000)) }
        guard fails.isRaised else { return thread }
        thread.join()
        return nil
    }

    /// Ends the server and waits for its thread.
    func end() {
        control.end()
        thread.join()
    }

    /// Asks over UDP; nil when no answer came in time.
    func ask(
        _ name: String,
        id: UInt16 = 9,
        timeoutNanoseconds: Int64 = 2_000_000_000
    ) throws -> Message? {
        let socket = try UDPSocket(connectedTo: endpoint)
        try socket.send(try Message.query(id: id, name: try DNSName(name), type: .a).encode())
        return try socket.receive(timeoutNanoseconds: timeoutNanoseconds).map { try Message(decoding: $0.bytes) }
    }

    /// Writes `chunks` to a connection, one after the other, and gives the messages that come back before it ends.
    func converse(_ chunks: [[UInt8]], answers: Int, timeoutNanoseconds: Int64 = 2_000_000_000) throws -> [Message] {
        let stream = try TCPStream.connect(to: endpoint, timeoutNanoseconds: 1_000_000_000)
        try stream.setNoDelay()
        var messages: [Message] = []
        for (index, chunk) in chunks.enumerated() {
            if index > 0 { Clock.sleep(untilMonotonic: Clock.deadline(after: 20_000_000)) }
            guard (try? stream.send(chunk)) != nil else { return messages }
        }
        while messages.count < answers {
            guard let prefix = try? stream.receive(exactly: 2, timeoutNanoseconds: timeoutNanoseconds) else { break }
            let length = Int(prefix[0]) << 8 | Int(prefix[1])
            guard let octets = try stream.receive(exactly: length, timeoutNanoseconds: timeoutNanoseconds) else {
                break
            }
            messages.append(try Message(decoding: octets))
        }
        return messages
    }

    /// One framed query.
    static func frame(_ name: String, id: UInt16) throws -> [UInt8] {
        TCPFrame.wrap(try Message.query(id: id, name: try DNSName(name), type: .a).encode()) ?? []
    }
}
