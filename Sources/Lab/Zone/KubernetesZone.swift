package import DNSWire

/// The zones of a generated cluster: `cluster.local` and the reverse zones of its addresses.
///
/// Answers follow the Kubernetes DNS specification 1.1.0 (kubernetes/dns, docs/specification.md) in the shape that
/// CoreDNS's `kubernetes` plugin gives them with kubeadm's Corefile: `pods insecure`, `ttl 30`, and the reverse zones
/// falling through.
package struct KubernetesZone: Sendable {
    /// The cluster domain.
    package let domain: DNSName
    /// TTL of every record but `dns-version`, in seconds.
    package let ttl: UInt32
    /// Every Service, the fixed ones first.
    package let services: [KubeService]

    let namespaces: Set<[UInt8]>
    let serviceIndex: [ServiceKey: Int]
    let addressIndex: [IPAddress: [AddressOwner]]
    let serial: UInt32

    /// A Service's name and namespace in lower case.
    struct ServiceKey: Hashable, Sendable {
        var service: [UInt8]
        var namespace: [UInt8]
    }

    /// Who holds an address: a Service, or one of its endpoints.
    struct AddressOwner: Sendable {
        var service: Int
        var endpoint: Int?
    }

    /// Generates the cluster that belongs to `seed`.
    ///
    /// - Parameter count: number of Services; the fixed ones of ``KubernetesFixture`` are there at any count.
    package init(services count: Int = 5_000, seed: UInt64 = 1, domain: DNSName = KubernetesZone.defaultDomain) {
        self.init(
            serving: KubernetesFixture.services + KubernetesGenerator.services(count: count, seed: seed),
            serial: UInt32(truncatingIfNeeded: 1_700_000_000 &+ seed % 1_000_000),
            domain: domain
        )
    }

    /// Serves exactly `services`; of two with one name the first counts.
    package init(serving services: [KubeService], serial: UInt32 = 1, domain: DNSName = KubernetesZone.defaultDomain) {
        self.domain = domain
        self.ttl = 30
        self.services = services
        self.serial = serial
        var namespaces: Set<[UInt8]> = []
        var serviceIndex: [ServiceKey: Int] = [:]
        var addressIndex: [IPAddress: [AddressOwner]] = [:]
        for (index, service) in services.enumerated() {
            namespaces.insert(Array(service.namespace.utf8))
            let key = ServiceKey(service: Array(service.name.utf8), namespace: Array(service.namespace.utf8))
            guard serviceIndex[key] == nil else { continue }
            serviceIndex[key] = index
            if case .clusterIP(let addresses) = service.kind {
                for address in addresses {
                    addressIndex[address, default: []].append(AddressOwner(service: index, endpoint: nil))
                }
            }
            for (position, endpoint) in service.endpoints.enumerated()
            where endpoint.isReady || service.publishesNotReady {
                addressIndex[endpoint.address, default: []].append(AddressOwner(service: index, endpoint: position))
            }
        }
        self.namespaces = namespaces
        self.serviceIndex = serviceIndex
        self.addressIndex = addressIndex
    }

    /// The domain that clusters have unless told otherwise: `cluster.local`.
    package static var defaultDomain: DNSName { LabNames.name("cluster.local") }

    /// The Service with that name, if it exists.
    package func service(named name: String, in namespace: String) -> KubeService? {
        serviceIndex[ServiceKey(service: Array(name.utf8), namespace: Array(namespace.utf8))].map { services[$0] }
    }

    /// The DNS name of a Service.
    package func name(of service: KubeService) -> DNSName {
        LabNames.name([service.name, service.namespace, "svc"], under: domain)
    }

    /// The DNS name of an endpoint of a Service.
    package func name(of endpoint: KubeEndpoint, in service: KubeService) -> DNSName {
        LabNames.name([endpoint.label, service.name, service.namespace, "svc"], under: domain)
    }

    /// The name of the SRV records of a port; `nil` when the port has no name.
    package func name(of port: KubePort, in service: KubeService) -> DNSName? {
        guard let portName = port.name else { return nil }
        return LabNames.name(
            ["_\(portName)", "_\(port.transport.rawValue)", service.name, service.namespace, "svc"],
            under: domain
        )
    }
}
