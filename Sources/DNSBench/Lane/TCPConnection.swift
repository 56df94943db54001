import DNSWire
import LinuxNet

/// One TCP connection of a lane: its stream, its buffers and the queries in flight on it.
struct TCPConnection: ~Copyable {
    /// How far the connection is.
    enum Phase {
        /// No connection; the next attempt is due at the time.
        case idle(retryAt: Int64)
        /// SYN sent.
        case connecting
        /// Ready for queries.
        case open
    }

    /// The largest frame (RFC 1035 section 4.2.2) twice, so that a read always has room.
    static let inputCapacity = 2 * 65_537
    static let outputCapacity = 65_536
    private static let firstBackoff: Int64 = 10_000_000
    private static let longestBackoff: Int64 = 1_000_000_000

    var stream: TCPStream
    var table: InFlightTable
    /// What the server gave this connection to come back with; its successors have the same address and go on with it.
    var cookie = ServerCookie()
    var phase = Phase.connecting
    /// Queries it may have in flight.
    let window: Int
    let output: UnsafeMutablePointer<UInt8>
    var outputCount = 0
    var outputSent = 0
    let input: UnsafeMutablePointer<UInt8>
    var inputCount = 0
    /// Queries written since it was opened.
    var queries = 0
    /// Answers read since it was opened.
    var answers = 0
    /// When the present connection was begun, CLOCK_MONOTONIC.
    private(set) var begun: Int64 = 0
    private var backoff = TCPConnection.firstBackoff

    /// Takes over a stream that is open or being opened.
    init(_ stream: consuming TCPStream, table: consuming InFlightTable, window: Int) {
        self.stream = stream
        self.table = table
        self.window = window
        output = .allocate(capacity: TCPConnection.outputCapacity)
        input = .allocate(capacity: TCPConnection.inputCapacity)
    }

    deinit {
        output.deallocate()
        input.deallocate()
    }

    /// Whether more queries may be written now.
    var isWritable: Bool {
        if case .open = phase { return outputCount == 0 }
        return false
    }

    /// Forgets the old stream's bytes; what was in flight must have been taken out.
    mutating func forget() {
        outputCount = 0
        outputSent = 0
        inputCount = 0
        queries = 0
        answers = 0
    }

    /// Says when to try again after a connection ended: at once after one that served, later after each that did not.
    mutating func scheduleRetry(now: Int64) {
        if answers > 0 { backoff = TCPConnection.firstBackoff }
        phase = .idle(retryAt: answers > 0 ? now : now &+ backoff)
        if answers == 0 { backoff = min(backoff &* 2, TCPConnection.longestBackoff) }
    }

    /// Replaces the stream and begins to connect.
    mutating func reconnect(to target: Endpoint, from local: Endpoint?) throws(NetError) {
        begun = Clock.monotonicNanoseconds()
        stream = try TCPStream.startConnecting(to: target, from: local)
        try stream.setNoDelay()
        try stream.enableReceiveTimestamps()
        phase = .connecting
    }
}
