import DNSWire

/// What a capture, or a part of it, came to once both sides of the cache were joined.
package struct CaptureFindings: Sendable {
    package let ledger: Ledger
    package let latencies: CacheLatencies
    /// The cache's TCP connections to the servers behind it.
    package internal(set) var connections = UpstreamConnections()
    /// Faults that the wire shows by itself.
    package internal(set) var faults = FaultBook()
    /// Who asks past the cache.
    package internal(set) var bypass = BypassClients()
    let tallies: ZoneTallies
    /// Answers that were still valid when the table of questions had to forget them.
    package let forgottenAnswers: UInt64

    /// The ledger of each zone of the Corefile, in the order of the zones.
    package var zones: [(zone: ProofZone, ledger: Ledger)] { Array(zip(tallies.zones, tallies.ledgers)) }

    /// How the TTLs of each zone's hits went down, in the order of the zones.
    package var decays: [[TTLSample]] { tallies.cache.map(\.decay.all) }

    /// Whether each zone that asks for it went upstream over TCP only.
    ///
    /// One UDP query for what a client asked is a violation whatever else was lost; one that no client caused may be
    /// another program's and leaves it inconclusive. Nothing lost, enough misses seen over TCP and no UDP is proof.
    /// Excluded and counted are the loop plugin's probes and, before CoreDNS 1.9.0, health checks.
    package func forceTCP(losses: CaptureLosses) -> [Proof] {
        tallies.forceTCP.filter { $0.zone.upstream == .tcp }.map {
            $0.judge(losses: losses, requirements: tallies.requirements)
        }
    }

    /// Whether each zone with a cache answers a repeated question from it, and lets entries age and expire.
    package func cache(losses: CaptureLosses) -> [Proof] {
        var losses = losses
        losses.forgottenAnswers += forgottenAnswers
        return tallies.cache.filter(\.zone.isCached).map {
            $0.judge(losses: losses, requirements: tallies.requirements)
        }
    }

    /// Upstream queries over UDP that clients' questions to zones with `force_tcp` caused; 0 on a sound cache.
    package var forcedQueriesOverUDP: UInt64 {
        tallies.forceTCP.filter { $0.zone.upstream == .tcp }.reduce(0) { $0 + $1.udpCount }
    }
}
