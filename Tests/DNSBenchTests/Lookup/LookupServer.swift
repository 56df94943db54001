import DNSWire
import LinuxNet
import Synchronization

/// A question that reached a test server.
struct ServerQuestion: Sendable, Equatable {
    /// With the final dot.
    var name: String
    /// 1 for A, 28 for AAAA.
    var type: UInt16
    var isTCP: Bool
    var sourcePort: UInt16
    /// How many questions came from this source port before.
    var place: Int
    /// The message.
    var octets: [UInt8] = []

    /// `"A www.example.com."`, with `tcp` behind it over TCP.
    var text: String { (type == 1 ? "A " : type == 28 ? "AAAA " : "TYPE\(type) ") + name + (isTCP ? " tcp" : "") }
}

/// What a test server makes of a question.
enum ServerReply: Sendable {
    case address
    case noData
    case nameError
    case serverFailure
    case refused
    case truncated
    case foreignQuestion
    case silence
}

/// A DNS server on loopback, UDP and TCP on one port, whose answers a closure gives; it keeps all questions.
final class LookupServer: Sendable {
    let endpoint: Endpoint
    private let reply: @Sendable (ServerQuestion) -> ServerReply
    private let stop = StopFlag()
    private let log = Mutex(Log())
    private let threads = Mutex<[RunningThread]>([])

    init(
        at wanted: Endpoint = Endpoint(address: .v4(0x7f00_0001), port: 0),
        namespace: NetworkNamespace? = nil,
        reply: @escaping @Sendable (ServerQuestion) -> ServerReply
    ) throws {
        self.reply = reply
        let bound = try LookupServer.bind(wanted, namespace)
        endpoint = bound.endpoint
        let started = [
            try Threads.start(name: "lookup-udp") { [self] in serveUDP(bound.datagrams) },
            try Threads.start(name: "lookup-tcp") { [self] in serveTCP(bound.listener) },
        ]
        threads.withLock { $0 = started }
    }

    private struct Log {
        var questions: [ServerQuestion] = []
        var places: [Int: Int] = [:]
    }

    /// All questions so far, in the order in which they came.
    var questions: [ServerQuestion] { log.withLock { $0.questions } }

    /// Forgets the questions.
    func clear() { log.withLock { $0 = Log() } }

    /// Ends both threads.
    func finish() {
        stop.raise()
        threads.withLock { threads in
            for thread in threads { thread.join() }
            threads = []
        }
    }

    /// UDP and TCP on one port: free ports are tried until both can be had.
    private static func bind(_ wanted: Endpoint, _ namespace: NetworkNamespace?) throws -> Bound {
        for attempt in 0..<20 {
            do {
                return try namespace?.perform { try Bound(wanted) } ?? Bound(wanted)
            } catch {
                if attempt == 19 { throw error }
            }
        }
        preconditionFailure("twenty attempts end in a return or an error")
    }

    private struct Bound: Sendable {
        let datagrams: Int32
        let listener: Int32
        let endpoint: Endpoint

        init(_ wanted: Endpoint) throws {
            let socket = try UDPSocket(boundTo: wanted)
            endpoint = try socket.localEndpoint
            listener = try TCPListener(bindTo: endpoint).release()
            datagrams = socket.release()
        }
    }

    private func serveUDP(_ number: Int32) {
        let socket = UDPSocket(adopting: number, family: endpoint.address.family)
        while !stop.isRaised {
            guard let (octets, info) = try? socket.receive(timeoutNanoseconds: 5_000_000) else { continue }
            for answer in answers(octets, from: info.source.port, isTCP: false) {
                try? socket.send(answer, to: info.source)
            }
        }
    }

    private func serveTCP(_ number: Int32) {
        let listener = TCPListener(adopting: number)
        var threads: [RunningThread] = []
        while !stop.isRaised {
            guard let accepted = try? listener.accept(timeoutNanoseconds: 5_000_000) else { continue }
            let port = (try? accepted.peerEndpoint.port) ?? 0
            let descriptor = accepted.release()
            if let thread = try? Threads.start(name: "lookup-conn", body: { [self] in serve(descriptor, port) }) {
                threads.append(thread)
            }
        }
        for thread in threads { thread.join() }
    }

    private func serve(_ descriptor: Int32, _ port: UInt16) {
        let stream = TCPStream(adopting: descriptor)
        var deframer = TCPDeframer()
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while !stop.isRaised {
            guard let received = try? stream.receive(into: &buffer, timeoutNanoseconds: 5_000_000) else { continue }
            guard received > 0 else { return }
            deframer.feed(buffer.span.extracting(0..<received))
            while let message = deframer.next() {
                for answer in answers(message, from: port, isTCP: true) {
                    try? stream.send(TCPFrame.wrap(answer) ?? [])
                }
            }
        }
    }

    private func answers(_ octets: [UInt8], from port: UInt16, isTCP: Bool) -> [[UInt8]] {
        guard let (name, end) = LookupServer.question(octets) else { return [] }
        let type = UInt16(octets[end - 4]) << 8 | UInt16(octets[end - 3])
        let question = log.withLock { log in
            let key = Int(port) * 2 + (isTCP ? 1 : 0)
            let place = log.places[key, default: 0]
            log.places[key] = place + 1
            let made = ServerQuestion(
                name: name,
                type: type,
                isTCP: isTCP,
                sourcePort: port,
                place: place,
                octets: octets
            )
            log.questions.append(made)
            return made
        }
        var answer = Array(octets[..<end])
        answer[2] = 0x81
        answer[3] = 0x80
        answer.replaceSubrange(4..<12, with: [0, 1, 0, 0, 0, 0, 0, 0])
        switch reply(question) {
        case .silence: return []
        case .noData: break
        case .nameError: answer[3] |= 3
        case .serverFailure: answer[3] |= 2
        case .refused: answer[3] |= 5
        case .truncated: answer[2] |= 2
        case .foreignQuestion: answer[13] ^= 1
        case .address:
            answer[7] = 1
            answer += [0xc0, 12, UInt8(type >> 8), UInt8(truncatingIfNeeded: type), 0, 1, 0, 0, 0, 30]
            answer += type == 28 ? [0, 16] + [UInt8](repeating: 0x20, count: 16) : [0, 4, 192, 0, 2, 1]
        }
        return [answer]
    }

    /// The name of a message's question, and where the question ends.
    private static func question(_ octets: [UInt8]) -> (String, Int)? {
        guard octets.count >= 17 else { return nil }
        var text = ""
        var index = 12
        while index < octets.count, octets[index] != 0 {
            let next = index + 1 + Int(octets[index])
            guard next < octets.count else { return nil }
            text += String(decoding: octets[(index + 1)..<next], as: UTF8.self) + "."
            index = next
        }
        return index + 5 <= octets.count ? (text.isEmpty ? "." : text, index + 5) : nil
    }
}
