import DNSWire

/// What to look for in the frames of a capture.
package struct CaptureOptions: Sendable {
    package var roles: CaptureRoles
    /// Ports that carry DNS; those of `roles.listen` are always among them.
    package var ports: [UInt16]
    package var limits: CaptureLimits

    package init(
        roles: CaptureRoles = CaptureRoles(),
        ports: [UInt16] = [53],
        limits: CaptureLimits = CaptureLimits()
    ) {
        self.roles = roles
        self.ports = Array(Set(ports + roles.listen.map(\.port))).sorted()
        self.limits = limits
    }
}
