import CLinuxNet
package import DNSWire
import Glibc
import SystemPackage

/// A connected TCP socket: non-blocking underneath, with deadlines on what may wait.
///
/// It may be used by one thread at a time, and stays in the network namespace in which it was made.
package struct TCPStream: ~Copyable, Sendable {
    private let owned: OwnedDescriptor

    /// Takes over a socket that is connected, or connecting, and non-blocking.
    package init(adopting descriptor: Int32) { owned = OwnedDescriptor(adopting: descriptor) }

    /// Connects to `endpoint`, from a local address and port if given.
    package static func connect(
        to endpoint: Endpoint,
        from local: Endpoint? = nil,
        timeoutNanoseconds: Int64
    ) throws(NetError) -> TCPStream {
        let stream = try TCPStream.startConnecting(to: endpoint, from: local)
        let deadline = Clock.deadline(after: timeoutNanoseconds)
        if try Readiness.wait(for: .writable, on: stream.fd, untilMonotonic: deadline).isEmpty {
            throw NetError(operation: "connect TCP to", errno: .timedOut, endpoint: endpoint)
        }
        try stream.finishConnecting(to: endpoint)
        return stream
    }

    /// Starts to connect without waiting; wait for ``Readiness/writable``, then call ``finishConnecting(to:)``.
    package static func startConnecting(to endpoint: Endpoint, from local: Endpoint? = nil) throws(NetError)
        -> TCPStream
    {
        let family = endpoint.address.family
        let stream = TCPStream(
            adopting: Int32(try SystemCall.run("make a TCP socket") { clinuxnet_tcp_socket(family.rawValue) })
        )
        if let local {
            var address = clinuxnet_address(local)
            _ = clinuxnet_set_reuse_address(stream.fd)
            if local.port == 0 { _ = clinuxnet_set_bind_address_only(stream.fd) }
            try SystemCall.run("bind TCP", local) { clinuxnet_bind(stream.fd, &address) }
        }
        var address = clinuxnet_address(endpoint)
        let result = clinuxnet_connect(stream.fd, &address)
        // An interrupted connect goes on in the background, just as one in progress.
        guard result >= 0 || result == -EINPROGRESS || result == -EINTR else {
            throw NetError(operation: "connect TCP to", errno: Errno(rawValue: -result), endpoint: endpoint)
        }
        return stream
    }

    /// Throws why the connection attempt failed, if it did.
    package func finishConnecting(to endpoint: Endpoint) throws(NetError) {
        let pending = clinuxnet_pending_error(fd)
        if pending != 0 {
            throw NetError(operation: "connect TCP to", errno: Errno(rawValue: abs(pending)), endpoint: endpoint)
        }
    }

    /// The descriptor's number, for a poll; this value keeps owning it.
    package var fd: Int32 { owned.rawValue }

    /// Gives the descriptor away; the caller must close it.
    package consuming func release() -> Int32 { owned.release() }

    /// The local address and port.
    package var localEndpoint: Endpoint {
        get throws(NetError) { try SocketAddress.local(of: fd) }
    }

    /// The peer's address and port.
    package var peerEndpoint: Endpoint {
        get throws(NetError) { try SocketAddress.peer(of: fd) }
    }

    /// Sends small writes at once (TCP_NODELAY).
    package func setNoDelay(_ on: Bool = true) throws(NetError) {
        try SystemCall.run("set TCP_NODELAY") { clinuxnet_set_no_delay(fd, on ? 1 : 0) }
    }

    /// Asks for a receive buffer of `bytes`; a small one makes the peer's writes stall.
    package func setReceiveBuffer(bytes: Int) throws(NetError) {
        try SystemCall.run("size a receive buffer") { clinuxnet_set_receive_buffer(fd, Int32(clamping: bytes)) }
    }

    /// Has the kernel stamp what is received, for ``tryReceive(into:stamp:)`` (SO_TIMESTAMPNS).
    package func enableReceiveTimestamps() throws(NetError) {
        try SystemCall.run("enable receive timestamps") { clinuxnet_set_timestamps(fd) }
    }

    /// Segments with data that have come in, retransmitted ones too (TCP_INFO); receive offload does not merge them here.
    package var receivedDataSegments: Int {
        get throws(NetError) {
            try SystemCall.run("count the segments of a TCP stream") { clinuxnet_data_segments_in(fd) }
        }
    }

    /// Ends our direction of the stream (FIN); answers can still be read.
    package func shutdownWrite() throws(NetError) {
        try SystemCall.run("shut down a TCP stream") { clinuxnet_shutdown_write(fd) }
    }

    /// Has a later close send a reset (RST) in place of a FIN.
    package func resetWhenClosed() throws(NetError) {
        try SystemCall.run("have a TCP stream reset when closed") { clinuxnet_set_linger_zero(fd) }
    }

    /// Closes with a reset (RST) in place of a FIN; bytes not yet sent are lost.
    package consuming func reset() throws(NetError) {
        let fd = fd
        try SystemCall.run("reset a TCP stream") { clinuxnet_set_linger_zero(fd) }
    }
}
