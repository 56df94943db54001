internal import DNSWire
internal import LinuxNet

/// Sends queries over blocking sockets; every call belongs on a thread of its own.
struct CheckClient: Sendable {
    let stop: StopFlag
    /// Nothing waits beyond this instant, CLOCK_MONOTONIC in nanoseconds.
    let deadline: Int64

    /// The longest sleep between two looks at the stop flag.
    private static let slice: Int64 = 50_000_000

    /// Sends a message over UDP, again after each timeout; the first datagram that comes back is the answer.
    ///
    /// A refused port is tried again, too, because a cache may be restarting. A socket that is not connected takes an
    /// answer from any address and port, and hears of no refusal. After an answer the socket stays open for
    /// `lingerNanoseconds`, and what else comes is counted.
    func udp(
        _ message: [UInt8],
        to server: Endpoint,
        tries: Int,
        timeoutNanoseconds: Int64,
        isConnected: Bool = true,
        lingerNanoseconds: Int64 = 0
    ) -> Exchange {
        let started = Clock.realtimeNanoseconds()
        var sentAt = Clock.monotonicNanoseconds()
        var failure = "nothing came"
        var attempts = 0
        do throws(NetError) {
            let socket =
                isConnected ? try UDPSocket(connectedTo: server) : try UDPSocket(family: server.address.family)
            while attempts < tries, !isOver {
                attempts += 1
                sentAt = Clock.monotonicNanoseconds()
                do throws(NetError) {
                    if isConnected { try socket.send(message) } else { try socket.send(message, to: server) }
                    if let datagram = try receive(socket, until: sentAt + timeoutNanoseconds) {
                        var answered = exchange(message, datagram.bytes, .udp, server, attempts, sentAt, started, nil)
                        answered.source = datagram.info.source
                        guard lingerNanoseconds > 0 else { return answered }
                        let end = answered.endedAt + lingerNanoseconds
                        // An answer to an earlier try is no second answer to this one.
                        answered.furtherAnswers = 1 - attempts
                        while try receive(socket, until: end) != nil { answered.furtherAnswers += 1 }
                        answered.furtherAnswers = max(0, answered.furtherAnswers)
                        return answered
                    }
                    failure = "nothing came within \(DurationText.describe(nanoseconds: timeoutNanoseconds))"
                } catch {
                    guard error.isConnectionRefused else { throw error }
                    failure = "the port is closed"
                    pause(until: sentAt + timeoutNanoseconds / 4)
                }
            }
        } catch {
            failure = error.description
        }
        if attempts > 1 { failure += ", \(attempts) tries" }
        return exchange(message, nil, .udp, server, attempts, sentAt, started, failure)
    }

    /// Sends a message over a TCP connection of its own.
    func tcp(_ message: [UInt8], to server: Endpoint, timeoutNanoseconds: Int64) -> Exchange {
        var script = TCPSessionPlan()
        script.acts = [.send(pieces: [TCPFrame.wrap(message) ?? []], delayNanoseconds: 0, query: message)]
        script.timeoutNanoseconds = timeoutNanoseconds
        script.takesAnyAnswer = true
        let session = self.session(script, to: server)
        return session.exchanges.first
            ?? exchange(
                message,
                nil,
                .tcp,
                server,
                1,
                Clock.monotonicNanoseconds(),
                Clock.realtimeNanoseconds(),
                session.failure
            )
    }

    /// Waits until an instant, or until somebody asks to stop.
    func pause(until instant: Int64) {
        while !isOver {
            let left = min(instant, deadline) - Clock.monotonicNanoseconds()
            guard left > 0 else { return }
            Clock.sleep(untilMonotonic: Clock.monotonicNanoseconds() + min(left, Self.slice))
        }
    }

    /// Whether the deadline is past or somebody asked to stop.
    var isOver: Bool { stop.isRaised || Clock.monotonicNanoseconds() >= deadline }

    /// The end of a slice of waiting for `instant`; nil when waiting is over.
    func sliceTimeout(until instant: Int64) -> Int64? {
        let left = min(instant, deadline) - Clock.monotonicNanoseconds()
        return left > 0 && !stop.isRaised ? min(left, Self.slice) : nil
    }

    private func receive(
        _ socket: borrowing UDPSocket,
        until instant: Int64
    ) throws(NetError) -> (bytes: [UInt8], info: ReceivedDatagram)? {
        while let timeout = sliceTimeout(until: instant) {
            if let datagram = try socket.receive(timeoutNanoseconds: timeout) { return datagram }
        }
        return nil
    }

    func exchange(
        _ sent: [UInt8],
        _ received: [UInt8]?,
        _ transport: StepTransport,
        _ server: Endpoint,
        _ tries: Int,
        _ sentAt: Int64,
        _ startedRealtime: Int64,
        _ failure: String?
    ) -> Exchange {
        Exchange(
            sent: sent,
            received: received,
            transport: transport,
            server: server,
            tries: tries,
            sentAt: sentAt,
            endedAt: Clock.monotonicNanoseconds(),
            sentAtRealtime: startedRealtime,
            endedAtRealtime: Clock.realtimeNanoseconds(),
            failure: failure
        )
    }
}
