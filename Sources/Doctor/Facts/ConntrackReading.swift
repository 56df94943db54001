package import DNSWire

/// The connection tracking table of the node.
package struct ConntrackReading: Sendable {
    /// Entries now.
    package var count: Reading<Int>
    /// Entries that there may be.
    package var maximum: Reading<Int>
    /// The entries themselves.
    package var table: Reading<ConntrackTable>
}

extension ConntrackReading {
    /// Entries beyond which listing them would burden the node.
    private static let maximumListed = 250_000

    /// Reads the table of the network namespace in which the calling thread is.
    ///
    /// - Parameters:
    ///   - destination: the cache.
    ///   - cluster: the cluster DNS, whose clients are counted as well.
    package static func take(
        destination: Endpoint,
        cluster: Endpoint? = nil,
        roots: NodeRoots = NodeRoots()
    ) -> ConntrackReading {
        let folder = roots.settings + "net/netfilter/nf_conntrack_"
        let count = Reading { () throws(ProcError) in try ProcFile.number(folder + "count") }
        let table: Reading<ConntrackTable>
        if let entries = count.value, entries > maximumListed {
            table = .unreadable("\(entries) entries are too many to list without burdening the node")
        } else {
            table = Reading { () throws(ProcError) in
                try ProcFile.wellFormed(
                    roots.network + "nf_conntrack",
                    into: ConntrackTable(destination: destination, cluster: cluster)
                )
            }
        }
        let maximum = Reading { () throws(ProcError) in try ProcFile.number(folder + "max") }
        return ConntrackReading(count: count, maximum: maximum, table: table)
    }
}
