package import DNSWire

/// A port of a Service.
package struct KubePort: Sendable, Equatable {
    /// A transport protocol that a Service port can have.
    package enum Transport: String, Sendable {
        case udp
        case tcp
    }

    /// The port's name; a port without one has no SRV record.
    package var name: String?
    /// The port number.
    package var number: UInt16
    /// The transport protocol.
    package var transport: Transport
}

/// An endpoint behind a Service.
package struct KubeEndpoint: Sendable, Equatable {
    /// The pod's address.
    package var address: IPAddress
    /// The `hostname` field of the endpoint, if the pod sets one.
    package var hostname: String?
    /// Whether the endpoint is ready; one that is not has no records.
    package var isReady: Bool

    /// The label that names the endpoint: its hostname, else its address with dashes, as CoreDNS forms it.
    package var label: String {
        if let hostname { return hostname }
        return String(address.description.map { $0 == "." || $0 == ":" ? "-" : $0 })
    }
}

/// A Service of the generated cluster.
package struct KubeService: Sendable, Equatable {
    /// What the Service's name stands for.
    package enum Kind: Sendable, Equatable {
        /// One address a family, in the order of `spec.clusterIPs`.
        case clusterIP([IPAddress])
        /// No address of its own: the name stands for its ready endpoints.
        case headless
        /// An alias for a name outside the cluster.
        case externalName(DNSName)
    }

    /// The Service's name.
    package var name: String
    /// The namespace that it is in.
    package var namespace: String
    /// What the name stands for.
    package var kind: Kind
    /// The ports, named or not.
    package var ports: [KubePort]
    /// The endpoints, ready or not.
    package var endpoints: [KubeEndpoint]
    /// `publishNotReadyAddresses`: endpoints have records before they are ready.
    package var publishesNotReady = false

    /// The first cluster address; `nil` for a Service without one.
    package var clusterIP: IPAddress? {
        if case .clusterIP(let addresses) = kind { return addresses.first }
        return nil
    }

    /// Whether the Service is headless.
    package var isHeadless: Bool { kind == .headless }

    /// The alias target of an ExternalName Service.
    package var externalName: DNSName? {
        if case .externalName(let target) = kind { return target }
        return nil
    }

    /// The endpoints that have records.
    package var readyEndpoints: [KubeEndpoint] { endpoints.filter { $0.isReady || publishesNotReady } }
}
