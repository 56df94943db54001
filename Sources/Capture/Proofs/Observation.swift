/// What the proofs are judged on: both sides of the cache joined, and what is known to be missing.
package struct Observation: Sendable {
    package var findings: CaptureFindings
    package var losses: CaptureLosses

    /// Whether each zone that asks for it went upstream over TCP only; see ``CaptureFindings/forceTCP(losses:)``.
    package var forceTCP: [Proof] { findings.forceTCP(losses: losses) }

    /// Whether each zone's cache works; see ``CaptureFindings/cache(losses:)``.
    package var cache: [Proof] { findings.cache(losses: losses) }
}
