package import DNSWire

/// A service of the cluster of which the caller knows the truth, from the API server or from the lab.
package struct KnownService: Sendable, Hashable {
    /// A named port of a service.
    package struct Port: Sendable, Hashable {
        package var name: String
        /// `tcp` or `udp`.
        package var networkProtocol: String
        package var number: UInt16

        package init(name: String, networkProtocol: String, number: UInt16) {
            self.name = name
            self.networkProtocol = networkProtocol
            self.number = number
        }
    }

    package var name: String
    package var namespace: String
    /// Empty for a headless or ExternalName service, or when the addresses are not known.
    package var clusterIPs: [IPAddress]
    package var isHeadless: Bool
    /// Addresses of the ready endpoints, as far as known.
    package var endpoints: [IPAddress]
    package var ports: [Port]
    package var externalName: DNSName?

    package init(
        name: String,
        namespace: String,
        clusterIPs: [IPAddress] = [],
        isHeadless: Bool = false,
        endpoints: [IPAddress] = [],
        ports: [Port] = [],
        externalName: DNSName? = nil
    ) {
        self.name = name
        self.namespace = namespace
        self.clusterIPs = clusterIPs
        self.isHeadless = isHeadless
        self.endpoints = endpoints
        self.ports = ports
        self.externalName = externalName
    }

    /// The service that every cluster has: the API server's, with its HTTPS port; its address is not known from here.
    package static let kubernetes = KnownService(
        name: "kubernetes",
        namespace: "default",
        ports: [Port(name: "https", networkProtocol: "tcp", number: 443)]
    )
}
