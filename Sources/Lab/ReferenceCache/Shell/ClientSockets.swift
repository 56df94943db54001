import DNSWire
import LinuxNet

/// A UDP socket that clients send to, with slots for many datagrams at a call.
final class UDPListener {
    let socket: UDPSocket
    let endpoint: Endpoint
    let token: UInt64
    /// Slots for what comes in; nothing larger than a slot is a query.
    let incoming: DatagramBatch
    private let outgoing: DatagramBatch
    /// Where answers leave that shall not come from where the query went.
    private let answering: AnotherPort?

    /// A socket on a free port; a class, because an optional socket cannot be lent.
    private final class AnotherPort {
        let socket: UDPSocket
        init(at address: IPAddress) throws(NetError) {
            socket = try UDPSocket(boundTo: Endpoint(address: address, port: 0))
        }
    }
    private var queued = 0

    /// Listens on `endpoint`, which it shares with who else allows that (coredns plugin/pkg/reuseport).
    init(_ endpoint: Endpoint, token: UInt64, answersFromAnotherPort: Bool) throws(NetError) {
        self.endpoint = endpoint
        self.token = token
        socket = try UDPSocket(family: endpoint.address.family)
        try socket.enablePortSharing()
        try socket.bind(to: endpoint)
        answering = answersFromAnotherPort ? try AnotherPort(at: endpoint.address) : nil
        try socket.setReceiveBuffer(bytes: 4 << 20)
        incoming = try DatagramBatch(slots: 64, slotBytes: 4096, wantsSource: true)
        outgoing = try DatagramBatch(slots: 64, slotBytes: 65_535, wantsSource: false)
    }

    /// Queues one answer; it goes at the next flush.
    func queue(_ octets: [UInt8], to peer: Endpoint) {
        guard octets.count <= outgoing.slotBytes else { return }
        if queued == outgoing.slots { flush() }
        outgoing.slot(queued).copyBytes(from: octets)
        outgoing.setLength(octets.count, ofSlot: queued, to: peer)
        queued += 1
    }

    /// Sends one answer from another port at once; false where there is none.
    func sendFromAnotherPort(_ octets: [UInt8], to peer: Endpoint) -> Bool {
        guard let answering else { return false }
        _ = try? answering.socket.trySend(octets.span.bytes, to: peer)
        return true
    }

    /// Sends what is queued; what the kernel does not take is lost, as on any full socket.
    func flush() {
        var first = 0
        while first < queued {
            let sent = outgoing.sendResult(first: first, count: queued - first, on: socket.fd)
            // A datagram that cannot be sent at all is passed over.
            first += max(1, sent)
        }
        queued = 0
    }
}

/// A TCP socket that clients connect to.
final class TCPAcceptor {
    let listener: TCPListener
    let endpoint: Endpoint
    let token: UInt64

    /// Listens on `endpoint`, which it shares with who else allows that (coredns plugin/pkg/reuseport).
    init(_ endpoint: Endpoint, token: UInt64) throws(NetError) {
        self.endpoint = endpoint
        self.token = token
        listener = try TCPListener(bindTo: endpoint, sharesPort: true)
    }
}

/// A client's TCP connection (miekg/dns server.go, `serveTCPConn`).
final class TCPClient {
    let stream: TCPStream
    /// The address that the client connected to.
    let endpoint: Endpoint
    /// Index of that address in the configuration in force.
    var listener: Int
    let token: UInt64
    var incoming: [UInt8] = []
    var outgoing: [UInt8] = []
    /// Queries that were read and not yet answered.
    var pending = 0
    /// Queries read so far.
    var queries = 0
    /// The client will send no more.
    var hasEnded = false
    var isClosed = false
    /// Its messages are being served further up the stack.
    var isServing = false
    /// When the next whole message must be there.
    var deadline: Int64 = 0
    /// A timer for the deadline is set.
    var hasTimer = false

    init(_ stream: consuming TCPStream, endpoint: Endpoint, listener: Int, token: UInt64) {
        self.stream = stream
        self.endpoint = endpoint
        self.listener = listener
        self.token = token
    }

    /// The client came over IPv6.
    var isIPv6: Bool { !endpoint.address.isIPv4 }

    /// What has come in begins with a message that is not whole.
    var isWithinMessage: Bool { !incoming.isEmpty && frameEnd == nil }

    /// Takes the next whole message out of what has come in.
    func takeFrame() -> [UInt8]? {
        guard let frameEnd else { return nil }
        defer { incoming.removeSubrange(..<frameEnd) }
        return Array(incoming[2..<frameEnd])
    }

    /// The end of the first message that has come in; nil when it is not whole.
    private var frameEnd: Int? {
        guard incoming.count >= 2 else { return nil }
        let end = 2 + (Int(incoming[0]) << 8 | Int(incoming[1]))
        return incoming.count >= end ? end : nil
    }
}
