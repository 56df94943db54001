import DNSWire

/// What to look for in the frames of a capture.
package struct CaptureOptions: Sendable {
    package var roles: CaptureRoles
    /// Ports that carry DNS; those of `roles.listen` are always among them.
    package var ports: [UInt16]
    /// The zones of the Corefile, each counted and judged by itself.
    package var zones: [ProofZone]
    /// How much must be seen before anything counts as proven.
    package var requirements: ProofRequirements
    package var limits: CaptureLimits
    /// Which messages are looked at; all others are only counted.
    package var selection = MessageSelection()
    /// Keep the octets of all queries that clients sent; memory then grows with the capture.
    package var keepsQueries = false

    package init(
        roles: CaptureRoles = CaptureRoles(),
        ports: [UInt16] = [53],
        zones: [ProofZone] = [],
        requirements: ProofRequirements = ProofRequirements(),
        limits: CaptureLimits = CaptureLimits()
    ) {
        self.roles = roles
        self.ports = Array(Set(ports + roles.listen.map(\.port))).sorted()
        self.zones = zones
        self.requirements = requirements
        self.limits = limits
    }
}
