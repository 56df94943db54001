/// How queries travel.
package enum LoadTransport: String, Sendable, Hashable, CaseIterable {
    /// One datagram a query.
    case udp
    /// A length-prefixed stream (RFC 7766), pipelined.
    case tcp
}

/// How exactly a thread keeps the intended send times.
package enum Pacing: String, Sendable, Hashable, CaseIterable {
    /// Sleeps until shortly before a query is due, then spins.
    case precise
    /// Sleeps only; for nodes whose CPUs belong to workloads.
    case lowCPU
}
