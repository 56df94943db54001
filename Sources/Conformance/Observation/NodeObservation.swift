/// What the node around the target says of it at one moment; read by whoever runs the checks.
package struct NodeObservation: Sendable {
    /// One fact of the node.
    package enum Field: String, Sendable, Hashable, CaseIterable {
        /// Local addresses of the sockets that take queries on the target's port.
        case udpListeners = "udp.listeners"
        case tcpListeners = "tcp.listeners"
        /// The interfaces that have the target's address, as `nodelocaldns`.
        case interfaces
        /// The prefix lengths with which they have it.
        case prefixes
        /// Rules for the target's address that keep packets out of connection tracking, and that let them pass.
        case untrackedRules = "rules.notrack"
        case acceptRules = "rules.accept"
        /// Entries of connection tracking for queries to the target.
        case trackedFlows = "conntrack.entries"
        /// A pod's resolver file.
        case resolverServers = "resolver.nameservers"
        case resolverSearch = "resolver.search"
        case resolverNdots = "resolver.ndots"
    }

    private var values: [Field: CheckValue]

    /// Facts; what is missing is not known, for the reason given.
    package init(_ values: [Field: CheckValue], otherwise reason: String) {
        self.values = values
        for field in Field.allCases where values[field] == nil { self.values[field] = .unknown(reason) }
    }

    /// The value of a path; nil when there is no such path.
    func value(at path: String) -> CheckValue? { Field(rawValue: path).flatMap { values[$0] } }

    static let fieldNames = Set(Field.allCases.map(\.rawValue))
}
