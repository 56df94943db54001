import CLinuxNet
package import DNSWire

/// Reads the addresses of open sockets.
package enum SocketAddress {
    /// The local address and port of a socket.
    package static func local(of descriptor: Int32) throws(NetError) -> Endpoint {
        var address = clinuxnet_address()
        try SystemCall.run("read a local address") { clinuxnet_local_address(descriptor, &address) }
        return address.endpoint ?? Endpoint(address: .v4(0), port: 0)
    }

    /// The peer of a connected socket.
    package static func peer(of descriptor: Int32) throws(NetError) -> Endpoint {
        var address = clinuxnet_address()
        try SystemCall.run("read a peer's address") { clinuxnet_peer_address(descriptor, &address) }
        return address.endpoint ?? Endpoint(address: .v4(0), port: 0)
    }
}
