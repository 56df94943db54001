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

    /// An endpoint of a headless service.
    package struct Host: Sendable, Hashable {
        /// The label that names the endpoint below the service.
        package var label: String
        package var address: IPAddress

        package init(label: String, address: IPAddress) {
            self.label = label
            self.address = address
        }
    }

    package var name: String
    package var namespace: String
    /// Empty for a headless or ExternalName service, or when the addresses are not known.
    package var clusterIPs: [IPAddress]
    package var isHeadless: Bool
    /// Addresses of the endpoints that have records, as far as known: the ready ones, and all where the service publishes
    /// those that are not ready.
    package var endpoints: [IPAddress]
    /// The endpoints that have records and a hostname of their own.
    package var hosts: [Host]
    /// The endpoints with a hostname that are not ready.
    package var notReady: [Host]
    package var publishesNotReady: Bool
    package var ports: [Port]
    /// Ports without a name; the name of each is its number here.
    package var unnamedPorts: [Port]
    package var externalName: DNSName?

    package init(
        name: String,
        namespace: String,
        clusterIPs: [IPAddress] = [],
        isHeadless: Bool = false,
        endpoints: [IPAddress] = [],
        hosts: [Host] = [],
        notReady: [Host] = [],
        publishesNotReady: Bool = false,
        ports: [Port] = [],
        unnamedPorts: [Port] = [],
        externalName: DNSName? = nil
    ) {
        self.name = name
        self.namespace = namespace
        self.clusterIPs = clusterIPs
        self.isHeadless = isHeadless
        self.endpoints = endpoints
        self.hosts = hosts
        self.notReady = notReady
        self.publishesNotReady = publishesNotReady
        self.ports = ports
        self.unnamedPorts = unnamedPorts
        self.externalName = externalName
    }

    /// The service that every cluster has: the API server's, with its HTTPS port; its address is not known from here.
    package static let kubernetes = KnownService(
        name: "kubernetes",
        namespace: "default",
        ports: [Port(name: "https", networkProtocol: "tcp", number: 443)]
    )
}
