/// Remembers when a socket's sampled datagrams were sent, until the kernel tells when they reached the driver.
///
/// The kernel numbers a socket's stamped datagrams from 0 (SOF_TIMESTAMPING_OPT_ID). One thread owns it; it allocates
/// nothing after `init`.
struct TransmitSampler: ~Copyable {
    private static let capacity = 64

    private let sentTimes: UnsafeMutablePointer<Int64>
    private var issued: UInt32 = 0
    private var returned: UInt32 = 0
    /// Whether the numbers can still be trusted: not after a send that failed, of which nobody knows if it counted.
    private(set) var isTrusted = true

    init() {
        sentTimes = .allocate(capacity: TransmitSampler.capacity)
        sentTimes.initialize(repeating: 0, count: TransmitSampler.capacity)
    }

    deinit { sentTimes.deallocate() }

    /// Whether a stamp is still to come.
    var isOutstanding: Bool { returned != issued }

    /// Notes a sampled datagram, sent at `sent` by the user's clock (CLOCK_MONOTONIC).
    mutating func noteSent(at sent: Int64) {
        sentTimes[Int(issued) & (TransmitSampler.capacity - 1)] = sent
        issued &+= 1
    }

    /// Takes no more samples: a sampled datagram was refused.
    mutating func distrust() {
        isTrusted = false
        returned = issued
    }

    /// The send time of the datagram that the kernel numbers `key`; `nil` when it is not remembered.
    mutating func sentTime(key: UInt32) -> Int64? {
        guard isTrusted, key < issued, issued &- key <= UInt32(TransmitSampler.capacity) else { return nil }
        returned = key &+ 1
        return sentTimes[Int(key) & (TransmitSampler.capacity - 1)]
    }
}
