internal import DNSWire
internal import LinuxNet

extension CheckClient {
    /// Sends messages back to back from one UDP socket, again those that stay unanswered; answers match by id.
    func burst(_ messages: [[UInt8]], to server: Endpoint, tries: Int, timeoutNanoseconds: Int64) -> [Exchange] {
        var burst = Burst(messages: messages)
        do throws(NetError) {
            let socket = try UDPSocket(connectedTo: server)
            while burst.tries < tries, !burst.isComplete, !isOver {
                try burst.send(on: socket)
                let end = Clock.monotonicNanoseconds() + timeoutNanoseconds
                while !burst.isComplete, let timeout = sliceTimeout(until: end) {
                    if let datagram = try socket.receive(timeoutNanoseconds: timeout) { burst.take(datagram.bytes) }
                }
            }
        } catch {
            burst.failure = error.description
        }
        return burst.exchanges(with: server)
    }
}

/// The state of one burst.
private struct Burst {
    let messages: [[UInt8]]
    var tries = 0
    var failure = "nothing came"
    private var sentAt: [(monotonic: Int64, realtime: Int64)]
    private var answers: [(octets: [UInt8], monotonic: Int64, realtime: Int64)?]

    init(messages: [[UInt8]]) {
        self.messages = messages
        sentAt = Array(repeating: (Clock.monotonicNanoseconds(), Clock.realtimeNanoseconds()), count: messages.count)
        answers = Array(repeating: nil, count: messages.count)
    }

    var isComplete: Bool { !answers.contains { $0 == nil } }

    mutating func send(on socket: borrowing UDPSocket) throws(NetError) {
        tries += 1
        for (index, message) in messages.enumerated() where answers[index] == nil {
            sentAt[index] = (Clock.monotonicNanoseconds(), Clock.realtimeNanoseconds())
            try socket.send(message)
        }
    }

    mutating func take(_ datagram: [UInt8]) {
        let index = messages.indices.first { answers[$0] == nil && messages[$0].prefix(2) == datagram.prefix(2) }
        guard let index else { return }
        answers[index] = (datagram, Clock.monotonicNanoseconds(), Clock.realtimeNanoseconds())
    }

    func exchanges(with server: Endpoint) -> [Exchange] {
        messages.indices.map { index in
            let answer = answers[index]
            return Exchange(
                sent: messages[index],
                received: answer?.octets,
                transport: .udp,
                server: server,
                tries: tries,
                sentAt: sentAt[index].monotonic,
                endedAt: answer?.monotonic ?? Clock.monotonicNanoseconds(),
                sentAtRealtime: sentAt[index].realtime,
                endedAtRealtime: answer?.realtime ?? Clock.realtimeNanoseconds(),
                failure: answer == nil ? failure : nil
            )
        }
    }
}
