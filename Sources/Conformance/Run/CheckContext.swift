package import DNSWire
package import LinuxNet

/// The zones in which an upstream follows scripted names.
package struct ScriptedZones: Sendable, Hashable {
    /// Answered by the cluster DNS, inside the cluster zone.
    package var cluster: DNSName
    /// Answered by the upstream of the `.` zone.
    package var external: DNSName
    /// Answered by the cluster DNS, inside a reverse zone.
    package var reverse: DNSName

    package init(cluster: DNSName, external: DNSName, reverse: DNSName) {
        self.cluster = cluster
        self.external = external
        self.reverse = reverse
    }
}

/// Where checks run and what is known of the place.
package struct CheckContext: Sendable {
    /// Where queries come from; nil for the namespace of the process.
    package var clientNamespace: NetworkNamespace?
    /// Where HTTP requests come from; nil for the namespace of the process.
    package var nodeNamespace: NetworkNamespace?
    /// The system under test.
    package var target: Endpoint
    /// The cluster DNS behind it, for comparison; nil when it cannot be asked.
    package var clusterDNS: Endpoint?
    package var expectations: TargetExpectations
    /// The target's software, `coredns` unless the caller knows better.
    package var product = "coredns"
    /// Its version, from `coredns_build_info` or from the caller; nil judges by the requirements alone.
    package var version: VersionNumber?
    /// The capture; nil when there is none, and then `captureAbsence` says why.
    package var observer: UpstreamObserver?
    package var captureAbsence = "the upstream side is not captured"
    /// Nil when no upstream follows scripted names.
    package var scripted: ScriptedZones?
    package var services: [KnownService] = [.kubernetes]
    package var health: Endpoint?
    package var metrics: Endpoint?
    /// Addresses that stand behind an upstream address, such as the endpoints behind the cluster DNS IP.
    package var upstreamAliases: [IPAddress: [IPAddress]] = [:]
    /// Looks at the node around the target; nil where nobody can.
    package var lookAtNode: (@Sendable () async -> NodeObservation)?
    /// How the lab around the target is changed; nil outside a lab.
    package var lab: LabControl?

    package init(target: Endpoint, expectations: TargetExpectations) {
        self.target = target
        self.expectations = expectations
    }

    /// Why a need is not met here; nil when it is met.
    func reasonAgainst(_ need: CheckNeed) -> String? {
        switch need {
        case .capture: observer == nil ? captureAbsence : nil
        case .scripted: scripted == nil ? "no upstream follows scripted names; the check needs the lab" : nil
        case .metrics: metrics == nil ? "the configuration has no metrics page" : nil
        case .health: health == nil ? "the configuration has no health address" : nil
        case .cluster: clusterDNS == nil ? "the cluster DNS cannot be asked directly" : nil
        case .lab: lab == nil ? "it stops or changes the cache, which is for the lab alone" : nil
        }
    }

    func server(_ server: StepServer) -> Endpoint? {
        switch server {
        case .target: target
        case .cluster: clusterDNS
        }
    }
}
