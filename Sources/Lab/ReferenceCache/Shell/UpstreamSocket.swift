import DNSWire
import LinuxNet

/// One socket to an upstream, with at most one question in flight.
final class UpstreamSocket {
    /// The kernel's side.
    private enum Kernel: ~Copyable {
        case udp(UDPSocket)
        case tcp(TCPStream)
    }

    /// Where the socket stands.
    enum State {
        /// The TCP handshake is under way.
        case connecting(startedAt: Int64)
        /// It can take a question.
        case idle
        /// A question is in flight.
        case asked
    }

    /// Octets that one read takes at most.
    private static let readSize = 65_537

    private let kernel: Kernel
    let endpoint: Endpoint
    let transport: QueryTransport
    /// Key in the server's table of channels.
    let token: UInt64
    var state: State
    /// When it was last given back.
    var usedAt: Int64 = 0
    /// Length prefix and message go out in two writes.
    var splitsFrames = false
    /// Octets of a stream that are not yet a whole message.
    private var gathered: [UInt8] = []

    /// A socket towards `endpoint`; a TCP socket is still connecting.
    init(to endpoint: Endpoint, transport: QueryTransport, token: UInt64, now: Int64) throws(NetError) {
        self.endpoint = endpoint
        self.transport = transport
        self.token = token
        switch transport {
        case .udp:
            kernel = .udp(try UDPSocket(connectedTo: endpoint))
            state = .idle
        case .tcp:
            let stream = try TCPStream.startConnecting(to: endpoint)
            try stream.setNoDelay()
            kernel = .tcp(stream)
            state = .connecting(startedAt: now)
        }
    }

    /// The descriptor, for the poll.
    var fd: Int32 {
        switch kernel {
        case .udp(let socket): socket.fd
        case .tcp(let stream): stream.fd
        }
    }

    /// Ends the handshake; throws why it failed.
    func finishConnecting() throws(NetError) {
        switch kernel {
        case .udp: break
        case .tcp(let stream): try stream.finishConnecting(to: endpoint)
        }
        state = .idle
    }

    /// Sends one message; a stream gets prefix and message in one write.
    func send(_ message: [UInt8], keepingLeftovers: Bool = false) throws(NetError) {
        if !keepingLeftovers { gathered.removeAll(keepingCapacity: true) }
        switch kernel {
        case .udp(let socket): _ = try socket.trySend(message.span.bytes)
        case .tcp(let stream):
            let prefix = UInt16(truncatingIfNeeded: message.count).octets
            if splitsFrames {
                try stream.send(prefix, timeoutNanoseconds: 0)
                try stream.send(message, timeoutNanoseconds: 0)
            } else {
                try stream.send(prefix + message, timeoutNanoseconds: 0)
            }
        }
        state = .asked
    }

    /// Has the kernel end a connection by RST in place of a FIN.
    func resetWhenClosed() throws(NetError) {
        switch kernel {
        case .udp: break
        case .tcp(let stream): try stream.resetWhenClosed()
        }
    }

    /// What one read brought.
    enum Received {
        /// Nothing more for now.
        case nothing
        /// A whole message.
        case message([UInt8])
        /// The peer ended the stream; true when it had sent part of a message.
        case ended(midMessage: Bool)
    }

    /// Takes the next message that is there.
    func receive() throws(NetError) -> Received {
        switch kernel {
        case .udp(let socket):
            guard let datagram = try socket.receive(timeoutNanoseconds: 0) else { return .nothing }
            return .message(datagram.bytes)
        case .tcp(let stream):
            if let message = takeFrame() { return .message(message) }
            var buffer = [UInt8](repeating: 0, count: Self.readSize)
            guard let count = try stream.receive(into: &buffer, timeoutNanoseconds: 0) else { return .nothing }
            guard count > 0 else { return .ended(midMessage: !gathered.isEmpty) }
            gathered += buffer[..<count]
            return takeFrame().map { .message($0) } ?? .nothing
        }
    }

    private func takeFrame() -> [UInt8]? {
        guard gathered.count >= 2 else { return nil }
        let length = Int(gathered[0]) << 8 | Int(gathered[1])
        guard gathered.count >= 2 + length else { return nil }
        defer { gathered.removeSubrange(..<(2 + length)) }
        return Array(gathered[2..<2 + length])
    }
}
