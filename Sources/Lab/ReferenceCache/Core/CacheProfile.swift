/// Which healthy configuration the reference cache stands for.
package enum CacheProfile: String, CaseIterable, Sendable {
    /// Every strict expectation of the RFCs holds.
    case rfc
    /// Behaves as node-cache with CoreDNS 1.13.1 does, with exactly its known deviations.
    case coreDNS1_13 = "coredns-1.13"

    /// The `version` label of `coredns_build_info`; the RFC configuration is no CoreDNS and says so.
    var buildVersion: String {
        switch self {
        case .rfc: "0.0.0"
        case .coreDNS1_13: "1.13.1"
        }
    }
}

/// The transport of a DNS message; the raw value is the `proto` label of CoreDNS's metrics.
package enum QueryTransport: String, Sendable, Hashable, CaseIterable {
    case udp
    case tcp
}
