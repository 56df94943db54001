import Capture
package import DNSWire
import Doctor
import NodeLocal
package import Scenario

/// What the command line says of the node that we stand on.
package struct NodeFacts: Sendable {
    /// A Corefile that replaces the scenario's source, or nil.
    package var corefilePath: String?
    /// The addresses of the cluster DNS pods; without them no upstream proof can be given.
    package var endpoints: [IPAddress] = []
    /// Where the doctor finds what it reads; in a lab too.
    package var doctorPaths = DoctorPaths()

    /// The cluster DNS IP of a cluster with the usual Service range, where none is named.
    private static let usualClusterDNS = IPAddress.v4(0x0A60_000A)

    /// Whether the seed's Corefile stands in for the one in force.
    package func assumesSeed(_ plan: Plan) -> Bool {
        guard corefilePath == nil else { return false }
        if case .file = plan.expectations.corefile { return false }
        return true
    }

    /// Knows nothing.
    package init() {}

    /// The site that these facts and the scenario describe.
    func site(plan: Plan) throws -> Site {
        let corefile = try corefile(plan)
        let expectations = corefile.map { CorefileExpectations($0) }
        let cache = plan.targets.filter { $0.role == .cache }.map(\.endpoint)
        let clusterDNS = plan.targets.filter { $0.role == .cluster }.map(\.endpoint.address)
        let upstreams = Set(expectations?.zones.flatMap { $0.upstreams.map(\.address) } ?? [])
        let roles = CaptureRoles(
            listen: cache,
            clusterDNS: clusterDNS,
            endpoints: endpoints,
            externals: Array(upstreams.subtracting(clusterDNS)),
            nodeAddresses: try Interface.all().flatMap(\.addresses)
        )
        return .node(plan: plan, corefile: corefile, roles: roles)
    }

    private func corefile(_ plan: Plan) throws -> Corefile? {
        let clusterDNS = plan.targets.first { $0.role == .cluster }?.endpoint.address
        let local = plan.targets.filter { $0.role == .cache }.map(\.endpoint.address)
        let path: String
        if let corefilePath {
            path = corefilePath
        } else {
            switch plan.expectations.corefile {
            case .file(let file): path = file
            case .seed, .live:
                // The Corefile in force is inside the cache's container; without a path the seed's stands in for it.
                let pillars = Pillars(
                    clusterDNS: clusterDNS ?? Self.usualClusterDNS,
                    upstreamServers: ["/etc/resolv.conf"],
                    localDNS: local
                )
                return try Corefile.parse(pillars.replacing(in: Seed.corefile), file: Seed.file)
            }
        }
        let text = try TextFile.read(path, what: "the Corefile")
        let pillars = Pillars(clusterDNS: clusterDNS, localDNS: local)
        return try Corefile.parse(pillars.replacing(in: text), file: path)
    }
}
