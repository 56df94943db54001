internal import DNSWire
internal import LinuxNet

extension CheckClient {
    /// Sends messages at a steady rate from one UDP socket, each once and with an id of its own, whether answers come or
    /// not.
    func load(_ messages: [[UInt8]], to server: Endpoint, step: SteadyLoadStep) -> [Exchange] {
        var stream = LoadStream(messages)
        do throws(NetError) {
            let socket = try UDPSocket(connectedTo: server)
            _ = try? socket.setReceiveBuffer(bytes: 1 << 20)
            let period = 1_000_000_000 / Int64(step.rate)
            let start = Clock.monotonicNanoseconds()
            var end = start + Int64(messages.count) * period + step.timeoutNanoseconds
            while !isOver, !stream.isComplete {
                let now = Clock.monotonicNanoseconds()
                guard now < end else { break }
                if stream.sent < messages.count, now >= start + Int64(stream.sent) * period {
                    stream.send(on: socket)
                    if stream.sent == messages.count { end = now + step.timeoutNanoseconds }
                    continue
                }
                let next = stream.sent < messages.count ? start + Int64(stream.sent) * period : end
                guard let timeout = sliceTimeout(until: max(now + 1, next)) else { continue }
                stream.receive(on: socket, timeoutNanoseconds: timeout)
            }
        } catch {
            stream.failure = error.description
        }
        return stream.exchanges(with: server)
    }
}

/// The state of one steady stream of questions.
private struct LoadStream {
    var messages: [[UInt8]]
    var sent = 0
    var failure = "nothing came"
    private var answers: [(octets: [UInt8], monotonic: Int64, realtime: Int64)?]
    private var sentAt: [(monotonic: Int64, realtime: Int64)] = []
    private var answered = 0
    private var positions: [UInt16: Int] = [:]

    init(_ messages: [[UInt8]]) {
        self.messages = messages
        answers = Array(repeating: nil, count: messages.count)
        let base = messages.first.map { UInt16($0[0]) << 8 | UInt16($0[1]) } ?? 0
        for index in messages.indices {
            let id = base &+ UInt16(truncatingIfNeeded: index)
            self.messages[index].replaceSubrange(0..<2, with: [UInt8(id >> 8), UInt8(id & 0xFF)])
            positions[id] = index
        }
    }

    var isComplete: Bool { answered == messages.count }

    mutating func send(on socket: borrowing UDPSocket) {
        sentAt.append((Clock.monotonicNanoseconds(), Clock.realtimeNanoseconds()))
        sent += 1
        // A closed port shows as a query without an answer.
        do throws(NetError) { try socket.send(messages[sent - 1]) } catch { failure = error.description }
    }

    mutating func receive(on socket: borrowing UDPSocket, timeoutNanoseconds: Int64) {
        do throws(NetError) {
            guard let datagram = try socket.receive(timeoutNanoseconds: timeoutNanoseconds) else { return }
            let octets = datagram.bytes
            guard octets.count >= 2, let index = positions[UInt16(octets[0]) << 8 | UInt16(octets[1])],
                answers[index] == nil
            else { return }
            answers[index] = (octets, Clock.monotonicNanoseconds(), Clock.realtimeNanoseconds())
            answered += 1
        } catch {
            failure = error.description
            Clock.sleep(untilMonotonic: Clock.monotonicNanoseconds() + min(timeoutNanoseconds, 1_000_000))
        }
    }

    func exchanges(with server: Endpoint) -> [Exchange] {
        messages.indices.map { index in
            let answer = answers[index]
            let now = (monotonic: Clock.monotonicNanoseconds(), realtime: Clock.realtimeNanoseconds())
            let instant = index < sentAt.count ? sentAt[index] : now
            return Exchange(
                sent: messages[index],
                received: answer?.octets,
                transport: .udp,
                server: server,
                tries: 1,
                sentAt: instant.monotonic,
                endedAt: answer?.monotonic ?? now.monotonic,
                sentAtRealtime: instant.realtime,
                endedAtRealtime: answer?.realtime ?? now.realtime,
                failure: answer == nil ? failure : nil
            )
        }
    }
}
