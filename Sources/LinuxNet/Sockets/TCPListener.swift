import CLinuxNet
package import DNSWire

/// A listening TCP socket.
package struct TCPListener: ~Copyable, Sendable {
    private let owned: OwnedDescriptor

    /// Listens on `endpoint`; port 0 takes any free port.
    ///
    /// `freeBind` allows an address that no interface holds yet; `sharesPort` allows several listeners on one address
    /// and port, over which the kernel spreads connections.
    package init(
        bindTo endpoint: Endpoint,
        backlog: Int = 512,
        freeBind: Bool = false,
        sharesPort: Bool = false
    ) throws(NetError) {
        let family = endpoint.address.family
        let owned = OwnedDescriptor(
            adopting: Int32(try SystemCall.run("make a TCP socket") { clinuxnet_tcp_socket(family.rawValue) })
        )
        let fd = owned.rawValue
        if family == .ipv6 { _ = clinuxnet_set_v6_only(fd, 1) }
        try SystemCall.run("reuse an address") { clinuxnet_set_reuse_address(fd) }
        if sharesPort { try SystemCall.run("share a port") { clinuxnet_set_reuse_port(fd) } }
        if freeBind {
            try SystemCall.run("allow binding a foreign address") { clinuxnet_set_free_bind(fd, family.rawValue) }
        }
        var address = clinuxnet_address(endpoint)
        try SystemCall.run("bind TCP", endpoint) { clinuxnet_bind(fd, &address) }
        try SystemCall.run("listen on TCP", endpoint) { clinuxnet_listen(fd, Int32(clamping: backlog)) }
        self.owned = owned
    }

    /// Takes over a socket that listens and is non-blocking.
    package init(adopting descriptor: Int32) { owned = OwnedDescriptor(adopting: descriptor) }

    /// The descriptor's number, for a poll; this value keeps owning it.
    package var fd: Int32 { owned.rawValue }

    /// Gives the descriptor away; the caller must close it.
    package consuming func release() -> Int32 { owned.release() }

    /// The local address and port.
    package var localEndpoint: Endpoint {
        get throws(NetError) { try SocketAddress.local(of: fd) }
    }

    /// Accepts one connection; `nil` when none came in time.
    ///
    /// A timeout of 0 takes what is there.
    package func accept(timeoutNanoseconds: Int64) throws(NetError) -> TCPStream? {
        let deadline = Clock.deadline(after: timeoutNanoseconds)
        let fd = fd
        while true {
            var peer = clinuxnet_address()
            let accepted = try SystemCall.attempt("accept TCP") { clinuxnet_accept(fd, &peer) }
            if let accepted { return TCPStream(adopting: Int32(accepted)) }
            if timeoutNanoseconds <= 0 { return nil }
            if try Readiness.wait(for: .readable, on: fd, untilMonotonic: deadline).isEmpty { return nil }
        }
    }
}
