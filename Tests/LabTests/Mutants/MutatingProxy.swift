import DNSWire
import LinuxNet
import Synchronization

/// Stands before a cache on loopback and changes its answers over UDP; nobody listens for TCP.
///
/// Queries are served one after the other.
final class MutatingProxy: Sendable {
    private struct State {
        var mutation: MessageMutation?
        var answers = 0
        var changed = 0
    }

    let endpoint: Endpoint
    private let cache: Endpoint
    private let stop = StopFlag()
    private let state = Mutex(State())

    /// How late an answer is delivered.
    private static let delayNanoseconds: Int64 = 50_000_000

    /// Begins to listen on a free port.
    init(before cache: Endpoint) throws {
        self.cache = cache
        let bound = try Sockets()
        endpoint = try bound.front.localEndpoint
        let sockets = Mutex<Sockets?>(consume bound)
        try Threads.start(name: "proxy") { [self] in
            guard let sockets = sockets.withLock({ $0.take() }) else { return }
            while !stop.isRaised { try? serve(sockets) }
        }.detach()
    }

    /// Ends the thread within a fraction of a second.
    func end() { stop.raise() }

    /// Changes answers from now on; nil leaves them as they are.
    func apply(_ mutation: MessageMutation?) { state.withLock { $0 = State(mutation: mutation) } }

    /// How many answers were changed since ``apply(_:)``.
    var changed: Int { state.withLock { $0.changed } }

    private struct Sockets: ~Copyable {
        let front: UDPSocket
        let otherPort: UDPSocket
        let otherAddress: UDPSocket

        init() throws {
            let front = try UDPSocket(boundTo: Endpoint(address: .v4(0x7F00_0001), port: 0))
            let otherPort = try UDPSocket(boundTo: Endpoint(address: .v4(0x7F00_0001), port: 0))
            let port = try front.localEndpoint.port
            let otherAddress = try UDPSocket(boundTo: Endpoint(address: .v4(0x7F00_0002), port: port))
            self.front = front
            self.otherPort = otherPort
            self.otherAddress = otherAddress
        }
    }

    private func serve(_ sockets: borrowing Sockets) throws {
        guard let query = try sockets.front.receive(timeoutNanoseconds: 50_000_000) else { return }
        let back = try UDPSocket(connectedTo: cache)
        try back.send(query.bytes)
        guard let answer = try back.receive(timeoutNanoseconds: 1_000_000_000) else { return }
        let client = query.info.source
        switch change(answer.bytes) {
        case (let octets, nil): try sockets.front.send(octets, to: client)
        case (_, .never?): break
        case (let octets, .twice?): for _ in 0..<2 { try sockets.front.send(octets, to: client) }
        case (let octets, .late?):
            Clock.sleep(untilMonotonic: Clock.deadline(after: Self.delayNanoseconds))
            try sockets.front.send(octets, to: client)
        case (let octets, .fromAnotherPort?): try sockets.otherPort.send(octets, to: client)
        case (let octets, .fromAnotherAddress?): try sockets.otherAddress.send(octets, to: client)
        }
    }

    private func change(_ octets: [UInt8]) -> (octets: [UInt8], delivery: MessageMutation.Delivery?) {
        state.withLock { state in
            state.answers += 1
            guard let mutation = state.mutation, !mutation.spares(state.answers - 1),
                let other = mutation.apply(to: octets)
            else { return (octets, nil) }
            state.changed += 1
            if case .delivery(let delivery) = mutation { return (octets, delivery) }
            return (other, nil)
        }
    }
}
