import DNSWire
import LinuxNet
import Synchronization

@testable import Lab

/// Stands between clients and a cache on loopback, and changes the cache's answers.
final class MutatingProxy: Sendable {
    private struct State {
        var mutation: MessageMutation?
        var fired = 0
    }

    let endpoint: Endpoint
    private let cache: Endpoint
    private let stop = StopFlag()
    private let state = Mutex(State())

    /// Listens on a free port for UDP and TCP.
    init(before cache: Endpoint) throws {
        self.cache = cache
        let listener = try TCPListener(bindTo: Endpoint(address: .v4(0x7F00_0001), port: 0), backlog: 512)
        endpoint = try listener.localEndpoint
        let socket = try UDPSocket(boundTo: endpoint)
        let other = try UDPSocket(boundTo: Endpoint(address: .v4(0x7F00_0001), port: 0))
        let listening = Mutex<TCPListener?>(consume listener)
        let receiving = Mutex<UDPSocket?>(consume socket)
        let straying = Mutex<UDPSocket?>(consume other)
        try Threads.start(name: "proxy-tcp") { [self] in
            guard let listener = listening.withLock({ $0.take() }) else { return }
            while !stop.isRaised {
                guard let stream = try? listener.accept(timeoutNanoseconds: 50_000_000) else { continue }
                let handed = Mutex<TCPStream?>(consume stream)
                try? Threads.start(name: "proxy-conn") { [self] in
                    guard let stream = handed.withLock({ $0.take() }) else { return }
                    converse(stream)
                }.detach()
            }
        }.detach()
        try Threads.start(name: "proxy-udp") { [self] in
            guard let socket = receiving.withLock({ $0.take() }), let other = straying.withLock({ $0.take() }) else {
                return
            }
            relay(socket, other)
        }.detach()
    }

    func end() { stop.raise() }

    /// Changes answers from now on; nil leaves them as they are.
    func apply(_ mutation: MessageMutation?) { state.withLock { $0 = State(mutation: mutation) } }

    /// How many answers were changed since ``apply(_:)``.
    var fired: Int { state.withLock { $0.fired } }

    private func mutate(_ octets: [UInt8]) -> (octets: [UInt8], delivery: MessageMutation.Delivery?) {
        state.withLock { state in
            guard let mutation = state.mutation, let changed = mutation.apply(to: octets) else { return (octets, nil) }
            state.fired += 1
            if case .delivery(let delivery) = mutation { return (octets, delivery) }
            return (changed, nil)
        }
    }

    // MARK: UDP

    /// A socket of its own to the cache for each client, so that answers find back.
    private final class Path {
        let client: Endpoint
        let socket: UDPSocket
        init(_ client: Endpoint, to cache: Endpoint) throws {
            self.client = client
            socket = try UDPSocket(connectedTo: cache)
        }
    }

    private func relay(_ socket: borrowing UDPSocket, _ other: borrowing UDPSocket) {
        guard var poll = try? EventPoll(), (try? poll.add(socket.fd, for: .readable, token: 0)) != nil else { return }
        var paths: [UInt64: Path] = [:]
        var tokens: [Endpoint: UInt64] = [:]
        var order: [UInt64] = []
        var next: UInt64 = 1
        var late: [(due: Int64, octets: [UInt8], client: Endpoint)] = []
        while !stop.isRaised {
            guard let count = try? poll.wait(timeoutNanoseconds: late.isEmpty ? 50_000_000 : 5_000_000) else { return }
            for index in 0..<count {
                let token = poll[index].token
                if token == 0 {
                    guard let datagram = try? socket.receive(timeoutNanoseconds: 0) else { continue }
                    let client = datagram.info.source
                    var path = tokens[client].flatMap { paths[$0] }
                    if path == nil, let new = try? Path(client, to: cache) {
                        path = new
                        paths[next] = new
                        tokens[client] = next
                        order.append(next)
                        try? poll.add(new.socket.fd, for: .readable, token: next)
                        next += 1
                        // Old clients are forgotten; each query comes from a socket of its own.
                        if order.count > 600, let oldest = paths.removeValue(forKey: order.removeFirst()) {
                            try? poll.remove(oldest.socket.fd)
                            tokens[oldest.client] = nil
                        }
                    }
                    try? path?.socket.send(datagram.bytes)
                } else if let path = paths[token] {
                    guard let datagram = try? path.socket.receive(timeoutNanoseconds: 0) else { continue }
                    let (octets, delivery) = mutate(datagram.bytes)
                    switch delivery {
                    case nil: try? socket.send(octets, to: path.client)
                    case .never: break
                    case .twice:
                        try? socket.send(octets, to: path.client)
                        try? socket.send(octets, to: path.client)
                    case .late: late.append((Clock.monotonicNanoseconds() + 150_000_000, octets, path.client))
                    case .fromAnotherPort: try? other.send(octets, to: path.client)
                    }
                }
            }
            let now = Clock.monotonicNanoseconds()
            for answer in late where answer.due <= now { try? socket.send(answer.octets, to: answer.client) }
            late.removeAll { $0.due <= now }
        }
    }

    // MARK: TCP

    /// Carries octets to the cache as they come, and answers back frame by frame.
    private func converse(_ client: borrowing TCPStream) {
        guard let cache = try? TCPStream.connect(to: cache, timeoutNanoseconds: 1_000_000_000) else { return }
        try? client.setNoDelay()
        try? cache.setNoDelay()
        var waiting: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var clientEnded = false
        guard var poll = try? EventPoll(), (try? poll.add(client.fd, for: .readable, token: 0)) != nil,
            (try? poll.add(cache.fd, for: .readable, token: 1)) != nil
        else { return }
        while !stop.isRaised {
            guard let count = try? poll.wait(timeoutNanoseconds: 50_000_000) else { return }
            for index in 0..<count {
                if poll[index].token == 0 {
                    guard let got = read(client, into: &buffer) else { return }
                    if got == 0 {
                        guard !clientEnded else { continue }
                        clientEnded = true
                        try? poll.remove(client.fd)
                        try? cache.shutdownWrite()
                    } else if (try? cache.send(Array(buffer[..<got]))) == nil {
                        return
                    }
                } else {
                    guard let got = read(cache, into: &buffer), got > 0 else { return }
                    waiting += buffer[..<got]
                    while waiting.count >= 2, case let size = Int(waiting[0]) << 8 | Int(waiting[1]),
                        waiting.count >= size + 2
                    {
                        let message = Array(waiting[2..<size + 2])
                        waiting.removeFirst(size + 2)
                        let (octets, delivery) = mutate(message)
                        if delivery == .never { continue }
                        if delivery == .late { Clock.sleep(untilMonotonic: Clock.deadline(after: 150_000_000)) }
                        guard (try? client.send(TCPFrame.wrap(octets) ?? [])) != nil else { return }
                    }
                }
            }
        }
    }

    /// Octets that are there; 0 at the end of the stream, nil when the connection is broken.
    private func read(_ stream: borrowing TCPStream, into buffer: inout [UInt8]) -> Int? {
        do {
            return try stream.receive(into: &buffer, timeoutNanoseconds: 0) ?? 0
        } catch {
            return nil
        }
    }
}
