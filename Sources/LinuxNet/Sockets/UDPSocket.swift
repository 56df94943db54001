import CLinuxNet
package import DNSWire
import SystemPackage

/// A UDP socket: non-blocking underneath, with deadlines on what may wait.
///
/// It may be used by one thread at a time, and stays in the network namespace in which it was made.
package struct UDPSocket: ~Copyable, Sendable {
    private let owned: OwnedDescriptor
    /// The family it was made for.
    package let family: AddressFamily

    /// An unbound socket.
    package init(family: AddressFamily) throws(NetError) {
        owned = OwnedDescriptor(
            adopting: Int32(try SystemCall.run("make a UDP socket") { clinuxnet_udp_socket(family.rawValue) })
        )
        self.family = family
        if family == .ipv6 { _ = clinuxnet_set_v6_only(owned.rawValue, 1) }
    }

    /// Takes over a UDP socket that is non-blocking.
    package init(adopting descriptor: Int32, family: AddressFamily) {
        owned = OwnedDescriptor(adopting: descriptor)
        self.family = family
    }

    /// A socket bound to `endpoint`; port 0 takes any free port.
    package init(boundTo endpoint: Endpoint) throws(NetError) {
        let socket = try UDPSocket(family: endpoint.address.family)
        try socket.bind(to: endpoint)
        self = socket
    }

    /// A socket connected to `endpoint`: other senders are filtered out and ICMP errors are reported.
    package init(connectedTo endpoint: Endpoint) throws(NetError) {
        let socket = try UDPSocket(family: endpoint.address.family)
        try socket.connect(to: endpoint)
        self = socket
    }

    /// The descriptor's number, for a poll; this value keeps owning it.
    package var fd: Int32 { owned.rawValue }

    /// Gives the descriptor away; the caller must close it.
    package consuming func release() -> Int32 { owned.release() }

    /// Binds to a local address and port; port 0 takes any free port.
    package func bind(to endpoint: Endpoint) throws(NetError) {
        var address = clinuxnet_address(endpoint)
        try SystemCall.run("bind UDP", endpoint) { clinuxnet_bind(fd, &address) }
    }

    /// Fixes the peer.
    package func connect(to endpoint: Endpoint) throws(NetError) {
        var address = clinuxnet_address(endpoint)
        try SystemCall.run("connect UDP", endpoint) { clinuxnet_connect(fd, &address) }
    }

    /// The local address and port.
    package var localEndpoint: Endpoint {
        get throws(NetError) { try SocketAddress.local(of: fd) }
    }

    /// Asks for a receive buffer of `bytes` and returns what was granted.
    ///
    /// The system's limit (`net.core.rmem_max`) holds unless the process has CAP_NET_ADMIN.
    @discardableResult
    package func setReceiveBuffer(bytes: Int) throws(NetError) -> Int {
        try SystemCall.run("size a receive buffer") { clinuxnet_set_receive_buffer(fd, Int32(clamping: bytes)) }
        return try SystemCall.run("read a receive buffer's size") { clinuxnet_receive_buffer(fd) }
    }

    /// Asks for a send buffer of `bytes`.
    package func setSendBuffer(bytes: Int) throws(NetError) {
        try SystemCall.run("size a send buffer") { clinuxnet_set_send_buffer(fd, Int32(clamping: bytes)) }
    }

    /// Has the kernel stamp each datagram as it enters the stack (SO_TIMESTAMPNS).
    package func enableReceiveTimestamps() throws(NetError) {
        try SystemCall.run("enable receive timestamps") { clinuxnet_set_timestamps(fd) }
    }

    /// Has the kernel report how many datagrams this socket dropped (SO_RXQ_OVFL).
    package func enableDropCounter() throws(NetError) {
        try SystemCall.run("enable the drop counter") { clinuxnet_set_drop_counter(fd) }
    }

    /// Has the kernel report the local address and interface of each datagram (IP_PKTINFO).
    package func enablePacketInfo() throws(NetError) {
        try SystemCall.run("enable packet information") { clinuxnet_set_packet_info(fd, family.rawValue) }
    }

    /// Allows a bind to an address that no interface holds (yet).
    package func enableFreeBind() throws(NetError) {
        try SystemCall.run("allow binding a foreign address") { clinuxnet_set_free_bind(fd, family.rawValue) }
    }

    /// Allows several sockets on one address and port, over which the kernel spreads datagrams.
    package func enablePortSharing() throws(NetError) {
        try SystemCall.run("share a port") { clinuxnet_set_reuse_port(fd) }
    }

    /// Sends through one interface only; needs CAP_NET_RAW on older kernels.
    package func bindToInterface(_ name: String) throws(NetError) {
        try SystemCall.run("bind to interface", subject: name) { clinuxnet_set_device(fd, name) }
    }
}
