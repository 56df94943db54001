/// A resolver of Debian that can stand where node-cache stands, as an independent opinion on what a check asks.
///
/// Each is configured from the Corefile to the same duties as far as it can. None serves `/health` or node-cache's
/// metrics.
package enum CachePeer: String, CaseIterable, Sendable {
    case unbound
    case dnsmasq
    case knotResolver = "knot-resolver"
    case pdnsRecursor = "pdns-recursor"
    case bind9
    case dnsdist

    /// The program that is run.
    var tool: LabTool {
        switch self {
        case .unbound: .unbound
        case .dnsmasq: .dnsmasq
        case .knotResolver: .kresd
        case .pdnsRecursor: .pdnsRecursor
        case .bind9: .named
        case .dnsdist: .dnsdist
        }
    }
}
