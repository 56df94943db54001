import DNSWire
import LinuxNet

/// One TCP connection of a scripted server.
final class ServerConnection {
    /// The token that its poll events carry.
    let token: UInt64
    /// The two ends.
    let path: QueryPath?
    /// When something last came or went, on the monotonic clock.
    var lastActivity: Int64
    /// Queries that were read and not yet acted upon.
    var pendingQueries = 0
    /// The client has sent its FIN.
    var hasEnded = false

    private var stream: TCPStream?
    private var deframer = TCPDeframer()
    private var unsent: [UInt8] = []

    /// Takes over an accepted connection.
    init(_ stream: consuming TCPStream, token: UInt64, now: Int64) {
        try? stream.setNoDelay()
        if let client = try? stream.peerEndpoint, let server = try? stream.localEndpoint {
            path = QueryPath(client: client, server: server)
        } else {
            path = nil
        }
        self.stream = consume stream
        self.token = token
        lastActivity = now
    }

    /// The descriptor's number, -1 once closed.
    var fd: Int32 { stream?.fd ?? -1 }

    /// Whether octets wait for room in the socket's buffer.
    var wantsToWrite: Bool { !unsent.isEmpty }

    /// Whether nothing is left to be done for a client that has sent its FIN.
    var isFinished: Bool { hasEnded && pendingQueries == 0 && unsent.isEmpty }

    /// Reads what is there; `false` when the connection has failed.
    func read(into buffer: inout [UInt8]) -> Bool {
        while true {
            guard stream != nil else { return false }
            do throws(NetError) {
                guard let count = try stream?.receive(into: &buffer, timeoutNanoseconds: 0) else { return true }
                guard count > 0 else {
                    hasEnded = true
                    return true
                }
                deframer.feed(buffer.span.extracting(0..<count))
                if count < buffer.count { return true }
            } catch {
                return false
            }
        }
    }

    /// The next whole query.
    func nextQuery() -> [UInt8]? { deframer.next() }

    /// Sends frames, keeping what does not fit now; `false` when the connection has failed.
    func send(_ messages: [[UInt8]]) -> Bool {
        for message in messages {
            guard let frame = TCPFrame.wrap(message) else { continue }
            unsent += frame
        }
        return flush()
    }

    /// Sends the first half of a frame; `false` when the connection has failed.
    func sendHalf(of message: [UInt8]) -> Bool {
        guard let frame = TCPFrame.wrap(message) else { return true }
        unsent += frame.prefix(frame.count / 2)
        return flush()
    }

    /// Sends what waits; `false` when the connection has failed.
    func flush() -> Bool {
        guard !unsent.isEmpty else { return true }
        do throws(NetError) {
            let count = try trySend()
            unsent.removeFirst(count)
            return true
        } catch {
            return false
        }
    }

    private func trySend() throws(NetError) -> Int {
        let octets = unsent
        var result: Result<Int, NetError> = .success(0)
        octets.withUnsafeBytes { raw in
            // SAFETY: the buffer outlives the call; the kernel copies from it.
            do throws(NetError) { result = .success(try stream?.trySend(raw) ?? 0) } catch { result = .failure(error) }
        }
        return try result.get()
    }

    /// Ends the connection with a reset.
    func reset() {
        guard let ended = stream.take() else { return }
        try? ended.reset()
    }

    /// Ends the connection with a FIN.
    func close() { stream = nil }
}
