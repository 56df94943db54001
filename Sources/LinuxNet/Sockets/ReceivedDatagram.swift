import CLinuxNet
package import DNSWire

/// What is known of one received datagram besides its bytes.
package struct ReceivedDatagram: Sendable, Hashable {
    /// Octets written to the caller's buffer.
    package let count: Int
    /// Whether the datagram was longer than the buffer.
    package let isTruncated: Bool
    /// Who sent it.
    package let source: Endpoint
    /// When it entered the stack, CLOCK_REALTIME nanoseconds; needs ``UDPSocket/enableReceiveTimestamps()``.
    package let realtimeTimestamp: Int64?
    /// The address it was sent to; needs ``UDPSocket/enablePacketInfo()``.
    package let localAddress: IPAddress?
    /// The interface it came in by; needs ``UDPSocket/enablePacketInfo()``.
    package let interfaceIndex: UInt32?
    /// Datagrams this socket has dropped so far for want of space; needs ``UDPSocket/enableDropCounter()``.
    package let droppedSoFar: UInt32?

    init(_ record: clinuxnet_received) {
        count = Int(record.length)
        isTruncated = record.truncated != 0
        source = record.source.endpoint ?? Endpoint(address: .v4(0), port: 0)
        realtimeTimestamp = record.realtime_ns == 0 ? nil : record.realtime_ns
        localAddress = record.local.ipAddress
        interfaceIndex = record.interface == 0 ? nil : record.interface
        droppedSoFar = record.has_overflow == 0 ? nil : record.overflow
    }
}
