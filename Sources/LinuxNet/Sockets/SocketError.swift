import CLinuxNet
import SystemPackage

/// One entry of a socket's error queue (MSG_ERRQUEUE).
package enum SocketError: Sendable, Hashable {
    /// When a datagram was handed to the driver, CLOCK_REALTIME nanoseconds; `key` counts the socket's stamped ones.
    case transmitted(key: UInt32, realtimeNanoseconds: Int64)
    /// An ICMP or ICMPv6 error that an earlier datagram brought back, with the errno that stands for it.
    case icmp(type: UInt8, code: UInt8, errno: Int32)
    /// An error of this host, such as a datagram that is too long for the path.
    case local(errno: Int32)
}

extension UDPSocket {
    /// Stamps each received datagram, and each sent one that asks for it, as the driver sees it (SO_TIMESTAMPING).
    package func enableSampledTimestamps() throws(NetError) {
        try SystemCall.run("enable timestamps") { clinuxnet_set_sampled_timestamps(fd) }
    }

    /// Queues ICMP errors with their details, for ``takeError()``.
    package func enableErrorQueue() throws(NetError) {
        try SystemCall.run("enable the error queue") { clinuxnet_set_error_queue(fd, family.rawValue) }
    }

    /// Sends without asking for a cached path MTU; datagrams are never fragmented on the way.
    package func skipPathMTU() throws(NetError) {
        try SystemCall.run("set the path MTU mode") { clinuxnet_set_path_mtu_probe(fd, family.rawValue) }
    }

    /// Datagrams that this socket has dropped so far for want of buffer space; `nil` before Linux 4.12.
    package var droppedDatagrams: UInt64? {
        let count = clinuxnet_dropped(fd)
        return count < 0 ? nil : UInt64(count)
    }

    /// Takes one entry off the error queue; `nil` when it is empty.
    package func takeError() -> SocketError? {
        var entry = clinuxnet_error()
        let fd = fd
        guard SystemCall.repeating({ clinuxnet_take_error(fd, &entry) }) == 1 else { return nil }
        switch entry.origin {
        case 0: return .transmitted(key: entry.key, realtimeNanoseconds: entry.realtime_ns)
        case 1: return .local(errno: Int32(bitPattern: entry.error))
        default: return .icmp(type: entry.type, code: entry.code, errno: Int32(bitPattern: entry.error))
        }
    }

    /// Sends `bytes` as datagrams of `segment` octets each, the last may be shorter; the octets taken, or the negated
    /// errno.
    ///
    /// The kernel walks its stack once for all of them (UDP_SEGMENT), at most 64.
    @inline(always)
    package func sendSegments(_ bytes: UnsafeRawBufferPointer, of segment: Int) -> Int {
        let fd = fd
        return SystemCall.repeating {
            clinuxnet_send_segments(fd, bytes.baseAddress, bytes.count, UInt16(truncatingIfNeeded: segment))
        }
    }
}
