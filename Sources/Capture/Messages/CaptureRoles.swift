package import DNSWire

/// Who is who on the wire around a node cache.
///
/// On an IPVS node the wire shows endpoint addresses, not the cluster DNS IP: without `endpoints` nothing
/// can be said about what the cache sends upstream.
package struct CaptureRoles: Sendable, Equatable {
    /// Where the cache listens.
    package var listen: [Endpoint]
    /// The cluster DNS IPs.
    package var clusterDNS: [IPAddress]
    /// Addresses of the cluster DNS pods.
    package var endpoints: [IPAddress]
    /// Addresses of the servers of the other zones.
    package var externals: [IPAddress]
    /// All addresses of the node, with those of tunnels.
    package var nodeAddresses: [IPAddress]

    package init(
        listen: [Endpoint] = [],
        clusterDNS: [IPAddress] = [],
        endpoints: [IPAddress] = [],
        externals: [IPAddress] = [],
        nodeAddresses: [IPAddress] = []
    ) {
        self.listen = listen
        self.clusterDNS = clusterDNS
        self.endpoints = endpoints
        self.externals = externals
        self.nodeAddresses = nodeAddresses
    }

    /// The side of a message between `client`, who asks, and `server`.
    package func side(client: Endpoint, server: Endpoint) -> Side {
        if listen.contains(server) { return .client }
        // The kernel takes the destination as source when it is the node's own address: so it is on one machine.
        let isOfNode =
            nodeAddresses.isEmpty
            || client.address == server.address
            || nodeAddresses.contains(client.address)
            || clusterDNS.contains(client.address)
            || listen.contains { $0.address == client.address }
        if clusterDNS.contains(server.address) { return isOfNode ? .upstream : .bypass }
        if endpoints.contains(server.address) || externals.contains(server.address) {
            return isOfNode ? .upstream : .foreign
        }
        return .foreign
    }
}
