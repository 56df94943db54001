import CLinuxNet
package import DNSWire
import Glibc
import SystemPackage

/// Slots of datagrams that are sent or received many at a call (sendmmsg, recvmmsg).
///
/// Everything is allocated and wired once; sending and receiving allocate nothing. One thread owns it. A server
/// may receive, rewrite slots in place, set lengths and peers, and send the same slots back.
package struct DatagramBatch: ~Copyable {
    private let ring: UnsafeMutablePointer<clinuxnet_ring>
    private let slab: UnsafeMutablePointer<UInt8>
    private let records: UnsafeMutablePointer<clinuxnet_received>
    private let lengths: UnsafeMutablePointer<UInt32>
    private let peers: UnsafeMutablePointer<clinuxnet_address>
    private let stamps: UnsafeMutablePointer<UInt8>
    /// How many datagrams one call moves at most.
    package let slots: Int
    /// Octets a slot holds.
    package let slotBytes: Int

    /// A ring of `slots` slots (at most 1,024) of `slotBytes` octets; `wantsSource` also records senders.
    package init(slots: Int, slotBytes: Int, wantsSource: Bool) throws(NetError) {
        precondition(slots > 0 && slots <= 1_024 && slotBytes > 0 && slotBytes <= 65_535, "batch out of range")
        guard let ring = clinuxnet_ring_create(UInt32(slots), UInt32(slotBytes), wantsSource ? 1 : 0) else {
            throw NetError(operation: "allocate datagram slots", errno: .noMemory)
        }
        self.ring = ring
        slab = ring.pointee.slab
        records = ring.pointee.records
        lengths = ring.pointee.lengths
        peers = ring.pointee.peers
        stamps = ring.pointee.stamp
        self.slots = slots
        self.slotBytes = slotBytes
    }

    deinit { clinuxnet_ring_destroy(ring) }

    /// The octets of one slot, to read or to fill; valid while this value lives.
    @inline(always)
    package func slot(_ index: Int) -> UnsafeMutableRawBufferPointer {
        precondition(index >= 0 && index < slots, "no such slot")
        // SAFETY: the slab holds `slots * slotBytes` octets, and `index` is below `slots`.
        return UnsafeMutableRawBufferPointer(start: slab + index &* slotBytes, count: slotBytes)
    }

    /// Sets how many octets of a slot are sent, to the connected peer.
    @inline(always)
    package func setLength(_ length: Int, ofSlot index: Int) {
        precondition(index >= 0 && index < slots && length >= 0 && length <= slotBytes, "slot out of range")
        lengths[index] = UInt32(truncatingIfNeeded: length)
        peers[index].family = 0
    }

    /// Sets how many octets of a slot are sent, and to whom.
    package func setLength(_ length: Int, ofSlot index: Int, to endpoint: Endpoint) {
        setLength(length, ofSlot: index)
        peers[index] = clinuxnet_address(endpoint)
    }

    /// Whether the kernel is to stamp the datagram of a slot when it is next sent; see
    /// ``UDPSocket/enableSampledTimestamps()``.
    @inline(always)
    package func setTransmitStamp(_ wanted: Bool, ofSlot index: Int) {
        precondition(index >= 0 && index < slots, "no such slot")
        stamps[index] = wanted ? 1 : 0
    }

    /// Addresses a received slot back to its sender.
    @inline(always)
    package func setReply(length: Int, ofSlot index: Int) {
        setLength(length, ofSlot: index)
        peers[index] = records[index].source
    }

    /// Sends `count` slots from `first` on; returns how many the kernel took, 0 when its buffer is full.
    @inline(always)
    package func send(first: Int = 0, count: Int, on descriptor: Int32) throws(NetError) -> Int {
        let sent = sendResult(first: first, count: count, on: descriptor)
        if sent >= 0 { return sent }
        if sent == -Int(EAGAIN) { return 0 }
        throw NetError(operation: "send UDP", errno: Errno(rawValue: -Int32(sent)))
    }

    /// As ``send(first:count:on:)``, but gives the negated errno in place of an error.
    @inline(always)
    package func sendResult(first: Int, count: Int, on descriptor: Int32) -> Int {
        precondition(first >= 0 && count >= 0 && first + count <= slots, "slots out of range")
        let ring = ring
        return Int(
            SystemCall.repeating {
                clinuxnet_ring_send(
                    ring,
                    descriptor,
                    UInt32(truncatingIfNeeded: first),
                    UInt32(truncatingIfNeeded: count)
                )
            }
        )
    }

    /// Receives what is there into slots 0, 1, …; returns how many, 0 when none is.
    @inline(always)
    package func receive(max limit: Int? = nil, on descriptor: Int32) throws(NetError) -> Int {
        let got = receiveResult(max: limit ?? slots, on: descriptor)
        if got >= 0 { return got }
        if got == -Int(EAGAIN) { return 0 }
        throw NetError(operation: "receive UDP", errno: Errno(rawValue: -Int32(got)))
    }

    /// As ``receive(max:on:)``, but gives the negated errno in place of an error.
    @inline(always)
    package func receiveResult(max limit: Int, on descriptor: Int32) -> Int {
        precondition(limit >= 0 && limit <= slots, "slots out of range")
        let ring = ring
        return Int(SystemCall.repeating { clinuxnet_ring_receive(ring, descriptor, UInt32(truncatingIfNeeded: limit)) })
    }

    /// Octets received into a slot.
    @inline(always)
    package func receivedLength(_ index: Int) -> Int {
        precondition(index >= 0 && index < slots, "no such slot")
        return Int(records[index].length)
    }

    /// Whether the datagram in a slot was longer than the slot.
    @inline(always)
    package func isTruncated(_ index: Int) -> Bool {
        precondition(index >= 0 && index < slots, "no such slot")
        return records[index].truncated != 0
    }

    /// When the datagram in a slot entered the stack, CLOCK_REALTIME nanoseconds; 0 when not stamped.
    @inline(always)
    package func realtimeTimestamp(_ index: Int) -> Int64 {
        precondition(index >= 0 && index < slots, "no such slot")
        return records[index].realtime_ns
    }

    /// Datagrams that the socket had dropped when the one in this slot was queued; `nil` when not reported.
    @inline(always)
    package func droppedSoFar(_ index: Int) -> UInt32? {
        precondition(index >= 0 && index < slots, "no such slot")
        return records[index].has_overflow == 0 ? nil : records[index].overflow
    }

    /// Everything known of the datagram in a slot; for control paths.
    package func received(_ index: Int) -> ReceivedDatagram {
        precondition(index >= 0 && index < slots, "no such slot")
        return ReceivedDatagram(records[index])
    }
}
