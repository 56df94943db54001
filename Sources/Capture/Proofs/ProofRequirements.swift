package import DNSWire

/// How much must be seen before anything counts as proven.
package struct ProofRequirements: Sendable {
    /// Cache misses of a zone that must have been seen going upstream.
    package var minimumMisses = 3
    /// Cache hits of a zone that must have been seen.
    package var minimumHits = 2
    /// Frames kept as evidence of one proof.
    package var evidenceLimit = 20
    /// Release of the CoreDNS in the cache; nil when it is not known.
    package var coreDNS: ReleaseNumber?
    /// Names that nobody can have asked before, from `ActiveControl`.
    package var freshNames: Set<DNSName> = []

    package init() {}
}
