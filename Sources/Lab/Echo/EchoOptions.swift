package import DNSWire

/// What an echo responder listens on, and what it does besides sending queries back.
package struct EchoOptions: Sendable, Hashable {
    /// Where it listens; port 0 takes any free port, the same for both transports.
    package var endpoint: Endpoint
    /// Whether it answers over UDP.
    package var servesUDP = true
    /// Whether it answers over TCP.
    package var servesTCP = true
    /// The CPU that its threads are pinned to; `nil` leaves that to the kernel.
    package var cpu: Int?
    /// Polls without sleeping: waking it up is then no part of what is measured.
    package var spins = false
    /// How long it stands still each time, nanoseconds; 0 never.
    package var freezeNanoseconds: Int64 = 0
    /// The time from one such moment to the next, nanoseconds.
    package var freezeEveryNanoseconds: Int64 = 0
    /// The share of queries that it leaves unanswered, 0 … 1.
    package var lossShare = 0.0
    /// Decides which.
    package var seed: UInt64 = 0
    /// Sets the TC bit over UDP.
    package var truncates = false
    /// The rcode of answers.
    package var rcode = RCode.noError
    /// The receive buffer of its UDP socket, bytes; a small one overflows.
    package var receiveBufferBytes = 8 << 20

    /// An echo on an endpoint, without faults.
    package init(endpoint: Endpoint) { self.endpoint = endpoint }
}

/// What an echo responder has done.
package struct EchoCounts: Sendable, Hashable {
    /// Queries that it read.
    package var queries: UInt64 = 0
    /// Answers that the kernel took.
    package var answers: UInt64 = 0
    /// Queries that it left unanswered on purpose.
    package var lost: UInt64 = 0
    /// Moments at which it stood still.
    package var freezes: UInt64 = 0
    /// Datagrams that its socket dropped for want of buffer space.
    package var dropped: UInt64 = 0

    /// None yet.
    package init() {}

    /// Adds the counts of another transport.
    mutating func add(_ other: EchoCounts) {
        queries += other.queries
        answers += other.answers
        lost += other.lost
        freezes += other.freezes
        dropped += other.dropped
    }
}
