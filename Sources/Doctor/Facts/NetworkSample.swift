/// What the kernel counts of losses in one network namespace at one moment; what could not be read is nil.
package struct NetworkSample: Sendable {
    /// UDP sockets with the port of interest, with their drops.
    package var sockets: [SocketRow]?
    /// `/proc/net/snmp`, and `snmp6` where there is IPv6.
    package var counters: CounterTable?
    /// `/proc/net/stat/nf_conntrack`; nil without connection tracking.
    package var conntrack: ConntrackStatistics?

    /// A sample from parts, for tests.
    package init(
        sockets: [SocketRow]? = nil,
        counters: CounterTable? = nil,
        conntrack: ConntrackStatistics? = nil
    ) {
        self.sockets = sockets
        self.counters = counters
        self.conntrack = conntrack
    }

    /// Reads the namespace in which the calling thread is.
    package static func take(port: UInt16, roots: NodeRoots = NodeRoots()) -> NetworkSample {
        let folder = roots.network
        var sockets: [SocketRow]?
        if let four = try? ProcFile.read(folder + "udp", into: SocketTable(.udp, ports: [port])) {
            let six = try? ProcFile.read(folder + "udp6", into: SocketTable(.udp, ports: [port]))
            sockets = four.rows + (six?.rows ?? [])
        }
        var counters = try? ProcFile.read(folder + "snmp", into: CounterTable())
        if let four = counters { counters = (try? ProcFile.read(folder + "snmp6", into: four)) ?? four }
        return NetworkSample(
            sockets: sockets,
            counters: counters,
            conntrack: try? ProcFile.read(folder + "stat/nf_conntrack", into: ConntrackStatistics())
        )
    }
}
