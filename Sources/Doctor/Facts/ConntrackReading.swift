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
    private static let folder = "/proc/sys/net/netfilter/nf_conntrack_"
    /// Entries beyond which listing them would burden the node.
    private static let maximumListed = 250_000

    /// Reads the table of the network namespace in which the calling thread is.
    package static func take(destination: Endpoint) -> ConntrackReading {
        let count = Reading { () throws(ProcError) in try ProcFile.number(folder + "count") }
        let table: Reading<ConntrackTable>
        if let entries = count.value, entries > maximumListed {
            table = .unreadable("\(entries) entries are too many to list without burdening the node")
        } else {
            table = Reading { () throws(ProcError) in
                let path = "/proc/thread-self/net/nf_conntrack"
                let table = try ProcFile.read(path, into: ConntrackTable(destination: destination))
                guard table.malformedLines == 0 else {
                    throw ProcError(path: path, reason: "\(table.malformedLines) of its lines are not understood")
                }
                return table
            }
        }
        let maximum = Reading { () throws(ProcError) in try ProcFile.number(folder + "max") }
        return ConntrackReading(count: count, maximum: maximum, table: table)
    }
}
