import Capture
import Conformance
import DNSWire
package import Lab
package import NodeLocal
package import Scenario

extension Site {
    /// A running lab, in which the scenario's targets keep their names and roles and get the lab's addresses.
    ///
    /// - Parameter expectations: what the cache is judged by; nil for what the Corefile that it runs promises.
    package static func lab(
        _ lab: Lab,
        targets: [Target] = [],
        expectations: CorefileExpectations? = nil
    ) throws -> Site {
        let targets = targets.map { target in
            let endpoint =
                switch target.role {
                case .cache: lab.cacheEndpoint
                case .cluster: lab.clusterDNS
                case .upstream: lab.external
                }
            return Target(name: target.name, endpoint: endpoint, role: target.role)
        }
        let corefile = try Corefile.parse(lab.corefile, file: "Corefile of the lab")
        return Site(
            targets: targets,
            clientNamespace: lab.pod,
            nodeNamespace: lab.node,
            roles: CaptureRoles(
                listen: [lab.cacheEndpoint],
                clusterDNS: [lab.clusterDNS.address, LabLayout.upstreamService.address],
                endpoints: lab.endpoints.map(\.address),
                externals: [lab.external.address],
                nodeAddresses: lab.nodeAddresses
            ),
            corefile: corefile,
            expectations: expectations ?? lab.expectations,
            health: lab.health,
            metrics: lab.metrics,
            services: services(of: lab.zone),
            scripted: try ScriptedZones(
                cluster: DNSName("script.cluster.local"),
                external: DNSName("script.example.com"),
                reverse: DNSName("script.168.192.in-addr.arpa")
            ),
            names: names(of: lab.zone),
            lab: lab
        )
    }

    /// The services that checks compare answers with: the fixed ones and the first few generated ones.
    static func services(of zone: KubernetesZone) -> [KnownService] {
        zone.services.prefix(40).map { service in
            let addresses: [IPAddress] =
                if case .clusterIP(let addresses) = service.kind { addresses } else { [] }
            return KnownService(
                name: service.name,
                namespace: service.namespace,
                clusterIPs: addresses,
                isHeadless: service.isHeadless,
                endpoints: service.readyEndpoints.map(\.address),
                hosts: service.readyEndpoints.compactMap(host),
                notReady: service.endpoints.filter { !$0.isReady }.compactMap(host),
                publishesNotReady: service.publishesNotReady,
                ports: service.ports.compactMap { port in
                    port.name.map {
                        KnownService.Port(name: $0, networkProtocol: port.transport.rawValue, number: port.number)
                    }
                },
                unnamedPorts: service.ports.filter { $0.name == nil }.map { port in
                    KnownService.Port(
                        name: "\(port.number)",
                        networkProtocol: port.transport.rawValue,
                        number: port.number
                    )
                },
                externalName: service.externalName
            )
        }
    }

    private static func host(_ endpoint: KubeEndpoint) -> KnownService.Host? {
        endpoint.hostname.map { KnownService.Host(label: $0, address: endpoint.address) }
    }

    private static func names(of zone: KubernetesZone) -> [WorkloadPart: [DNSName]] {
        [
            .service: zone.names(of: .clusterIP) + zone.names(of: .dualStack),
            .headless: zone.names(of: .headless),
            .srv: zone.names(of: .server),
            .ptr: zone.names(of: .reverse),
            .missing: zone.names(of: .missing),
            .external: ExternalNames.hostNames,
        ]
    }
}
