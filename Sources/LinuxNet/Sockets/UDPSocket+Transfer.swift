import CLinuxNet
package import DNSWire
import Glibc
import SystemPackage

extension UDPSocket {
    /// Sends one datagram to the connected peer; `false` when the socket's buffer is full.
    ///
    /// Throws what an earlier datagram brought back, such as "connection refused" from ICMP.
    package func trySend(_ bytes: RawSpan) throws(NetError) -> Bool {
        let sent = bytes.withUnsafeBytes { raw in
            SystemCall.repeating { clinuxnet_send(fd, raw.baseAddress, raw.count, nil) }
        }
        return try UDPSocket.accepted(sent, "send UDP", nil)
    }

    /// Sends one datagram to `endpoint`, from `local` if given; `false` when the socket's buffer is full.
    package func trySend(_ bytes: RawSpan, to endpoint: Endpoint, from local: IPAddress? = nil) throws(NetError) -> Bool
    {
        var address = clinuxnet_address(endpoint)
        let sent = bytes.withUnsafeBytes { raw in
            guard let local else {
                return SystemCall.repeating { clinuxnet_send(fd, raw.baseAddress, raw.count, &address) }
            }
            var source = clinuxnet_address(local, port: 0)
            return SystemCall.repeating { clinuxnet_send_from(fd, raw.baseAddress, raw.count, &address, &source) }
        }
        return try UDPSocket.accepted(sent, "send UDP to", endpoint)
    }

    /// Sends one datagram to the connected peer, waiting at most a second for buffer space.
    package func send(_ bytes: RawSpan) throws(NetError) {
        let deadline = Clock.deadline(after: 1_000_000_000)
        while !(try trySend(bytes)) { try awaitSpace(until: deadline, nil) }
    }

    /// Sends one datagram to the connected peer, waiting at most a second for buffer space.
    package func send(_ bytes: [UInt8]) throws(NetError) {
        try send(bytes.span.bytes)
    }

    /// Sends one datagram to `endpoint`, waiting at most a second for buffer space.
    ///
    /// `local` picks the source address, which an answer from a socket bound to the wildcard address needs.
    package func send(_ bytes: RawSpan, to endpoint: Endpoint, from local: IPAddress? = nil) throws(NetError) {
        let deadline = Clock.deadline(after: 1_000_000_000)
        while !(try trySend(bytes, to: endpoint, from: local)) { try awaitSpace(until: deadline, endpoint) }
    }

    /// Sends one datagram to `endpoint`, waiting at most a second for buffer space.
    package func send(_ bytes: [UInt8], to endpoint: Endpoint, from local: IPAddress? = nil) throws(NetError) {
        try send(bytes.span.bytes, to: endpoint, from: local)
    }

    /// Receives one datagram into `buffer`, which keeps its size; `nil` when none came in time.
    ///
    /// A timeout of 0 takes what is there. Throws "connection refused" when ICMP said so on a connected socket.
    package func receive(
        into buffer: inout [UInt8],
        timeoutNanoseconds: Int64
    ) throws(NetError) -> ReceivedDatagram? {
        var record = clinuxnet_received()
        let fd = fd
        let deadline = Clock.deadline(after: timeoutNanoseconds)
        while true {
            let count = buffer.withUnsafeMutableBytes { raw in
                SystemCall.repeating { clinuxnet_receive(fd, raw.baseAddress, raw.count, &record) }
            }
            if count >= 0 { return ReceivedDatagram(record) }
            guard count == -Int(EAGAIN) else {
                throw NetError(operation: "receive UDP", errno: Errno(rawValue: -Int32(count)))
            }
            if timeoutNanoseconds <= 0 { return nil }
            if try Readiness.wait(for: .readable, on: fd, untilMonotonic: deadline).isEmpty { return nil }
        }
    }

    /// Receives one datagram of at most 65,535 octets; `nil` when none came in time.
    package func receive(timeoutNanoseconds: Int64) throws(NetError) -> (bytes: [UInt8], info: ReceivedDatagram)? {
        var buffer = [UInt8](repeating: 0, count: 65_535)
        guard let info = try receive(into: &buffer, timeoutNanoseconds: timeoutNanoseconds) else { return nil }
        return (Array(buffer[..<info.count]), info)
    }

    private func awaitSpace(until deadline: Int64, _ endpoint: Endpoint?) throws(NetError) {
        if try Readiness.wait(for: .writable, on: fd, untilMonotonic: deadline).isEmpty {
            throw NetError(operation: "send UDP to", errno: .timedOut, endpoint: endpoint)
        }
    }

    private static func accepted(_ result: Int, _ operation: String, _ endpoint: Endpoint?) throws(NetError) -> Bool {
        if result >= 0 { return true }
        if result == -Int(EAGAIN) { return false }
        throw NetError(operation: operation, errno: Errno(rawValue: -Int32(result)), endpoint: endpoint)
    }
}
