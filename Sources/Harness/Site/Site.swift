package import Capture
package import Conformance
package import DNSWire
package import Lab
package import LinuxNet
package import NodeLocal
package import Scenario

/// Where a run takes place, a fresh lab or the node that we stand on; nothing behind this type knows which it is.
package struct Site: Sendable {
    /// Who is asked, by the scenario's names.
    package var targets: [Scenario.Target]
    /// Where clients are; nil for the namespace of the process.
    package var clientNamespace: NetworkNamespace?
    /// Where the cache is; nil for the namespace of the process.
    package var nodeNamespace: NetworkNamespace?
    /// Who is who on the wire.
    package var roles: CaptureRoles
    /// The Corefile in force, and what follows from it; nil when none is known.
    package var corefile: Corefile?
    /// What follows from the Corefile.
    package var expectations: CorefileExpectations?
    /// Where `/health` answers.
    package var health: Endpoint?
    /// Where `/metrics` answers.
    package var metrics: Endpoint?
    /// Services whose records are known.
    package var services: [KnownService]
    /// Zones whose upstream follows scripted names; nil outside the lab.
    package var scripted: ScriptedZones?
    /// Names of the cluster, by the part of a workload that asks them.
    package var names: [WorkloadPart: [DNSName]]
    /// Where the doctor finds what it reads.
    package var doctorPaths = DoctorPaths()
    /// The running lab; nil on a node.
    package var lab: Lab?

    /// What of the site decides how noisy latencies are there: `node`, or `lab ipvs, reference`.
    package var noiseLabel: String { lab?.options.noiseLabel ?? "node" }

    /// The first target that is the cache under test.
    package var cache: Scenario.Target? { targets.first { $0.role == .cache } }
    /// The first target that is the cluster DNS.
    package var cluster: Scenario.Target? { targets.first { $0.role == .cluster } }

    /// The zones of the Corefile as proofs need them: the addresses are those that the wire shows.
    package var proofZones: [ProofZone] {
        (expectations?.zones ?? []).map { zone in
            ProofZone(zone, addresses: zone.upstreams.flatMap { wireAddresses(of: $0.address) })
        }
    }

    /// The addresses that stand on the wire for an upstream: endpoints behind a cluster DNS IP, else itself.
    package func wireAddresses(of address: IPAddress) -> [IPAddress] {
        roles.clusterDNS.contains(address) ? roles.endpoints : [address]
    }
}
