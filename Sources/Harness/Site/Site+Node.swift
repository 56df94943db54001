package import Capture
import Conformance
import DNSWire
package import NodeLocal
package import Scenario

extension Site {
    /// The node that we stand on, with what the scenario and the command line say of it.
    ///
    /// - Parameters:
    ///   - plan: the scenario; its targets are asked as they are.
    ///   - corefile: the Corefile in force, or nil when none is known.
    ///   - roles: who is who on the wire; without endpoint addresses no proof can be given.
    package static func node(plan: Plan, corefile: Corefile?, roles: CaptureRoles) -> Site {
        let expectations = corefile.map { CorefileExpectations($0) }
        let cache = plan.targets.first { $0.role == .cache }
        let zone = expectations?.zones.first { !$0.zone.isRoot && $0.zone.labels.last != Array("arpa".utf8) }?.zone
        var names: [WorkloadPart: [DNSName]] = [:]
        if let zone, let service = try? DNSName(labels: DNSName("kubernetes.default.svc").labels + zone.labels) {
            names[.service] = [service]
            names[.missing] = (0..<100).compactMap { try? DNSName("nldns-missing-\($0).default.svc.\(zone)") }
        }
        return Site(
            targets: plan.targets,
            roles: roles,
            corefile: corefile,
            expectations: expectations,
            health: expectations?.health,
            metrics: cache.flatMap { cache in
                expectations?.metricsPort.map {
                    Endpoint(address: expectations?.metricsAddress ?? cache.endpoint.address, port: $0)
                }
            },
            services: [.kubernetes],
            scripted: nil,
            names: names
        )
    }
}
