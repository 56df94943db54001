package import DNSWire
import LinuxNet

/// What the kernel says of the node at one moment.
package struct NodeSample: Sendable {
    /// Real time minus monotonic time in nanoseconds.
    package var clockOffsetNanoseconds: Int64
    /// Width of the bracket in which it was read.
    package var clockSpreadNanoseconds: Int64
    /// The addresses that the kernel takes packets for.
    package var localAddresses: Reading<LocalAddressTable>
    /// The sockets on the ports of interest, of UDP and TCP, IPv4 and IPv6.
    package var sockets: Reading<[SocketRow]>
    /// The counters of `/proc/net/snmp`, `netstat` and, where there is IPv6, `snmp6`.
    package var counters: Reading<CounterTable>
    /// The losses of the CPUs' queues, of the whole machine.
    package var softnet: Reading<SoftnetTable>
    /// The counters of connection tracking.
    package var conntrack: Reading<ConntrackStatistics>
    /// TCP ports in use towards each peer on a port of interest.
    package var portUse: [Endpoint: PortUse]
    /// The process that holds the cache's sockets.
    package var process: Reading<ProcessReading>
    /// Who holds the sockets of `sockets`, by inode, as far as it could be seen.
    package var owners: [UInt64: SocketOwner]

    /// Rows of one transport; none when the sockets could not be read.
    package func rows(_ transport: SocketRow.Transport) -> [SocketRow] {
        (sockets.value ?? []).filter { $0.transport == transport }
    }
}

extension NodeSample {
    /// Reads the node in whose network namespace the calling thread is.
    ///
    /// Holders of sockets that `known` names are not sought again, since the search goes through all processes.
    static func take(
        cache: Endpoint,
        ports: Set<UInt16>,
        roots: NodeRoots,
        known: [UInt64: SocketOwner] = [:]
    ) -> NodeSample {
        func table<Table: ProcTable>(_ file: String, _ empty: Table, isRequired: Bool = true) throws(ProcError) -> Table
        {
            do throws(ProcError) {
                return try ProcFile.wellFormed(roots.network + file, into: empty)
            } catch {
                // A kernel without IPv6 has no such file.
                if !isRequired, error.isMissingFile { return empty }
                throw error
            }
        }
        var portUse: [Endpoint: PortUse] = [:]
        let clock = Clock.realtimeOffset()
        let sockets = Reading<[SocketRow]> { () throws(ProcError) in
            var rows: [SocketRow] = []
            for (file, transport, isRequired) in [
                ("udp", SocketRow.Transport.udp, true), ("udp6", .udp, false), ("tcp", .tcp, true),
                ("tcp6", .tcp, false),
            ] {
                let found = try table(file, SocketTable(transport, ports: ports), isRequired: isRequired)
                rows += found.rows
                if transport == .tcp { portUse.merge(found.portUse, uniquingKeysWith: +) }
            }
            return rows
        }
        let inodes = Set((sockets.value ?? []).map(\.inode)).subtracting([0])
        let seen = known.filter { inodes.contains($0.key) }
        let owners = seen.merging(SocketOwner.find(inodes.subtracting(seen.keys), roots: roots)) { old, _ in old }
        // Of several that share the address always the same one.
        let holder = (sockets.value ?? []).filter { row in
            row.isListener && row.local.port == cache.port && (row.local.address == cache.address || row.isWildcard)
        }.compactMap { owners[$0.inode] }.min { $0.processID < $1.processID }
        return NodeSample(
            clockOffsetNanoseconds: clock.offsetNanoseconds,
            clockSpreadNanoseconds: clock.spreadNanoseconds,
            localAddresses: Reading { () throws(ProcError) in
                let four = try table("fib_trie", LocalAddressTable())
                return try table("if_inet6", four, isRequired: false)
            },
            sockets: sockets,
            counters: Reading { () throws(ProcError) in
                var counters = try table("snmp", CounterTable())
                counters = try table("netstat", counters)
                return try table("snmp6", counters, isRequired: false)
            },
            softnet: Reading { () throws(ProcError) in try table("softnet_stat", SoftnetTable()) },
            conntrack: Reading { () throws(ProcError) in try table("stat/nf_conntrack", ConntrackStatistics()) },
            portUse: portUse,
            process: holder.map { ProcessReading.take($0, roots: roots) }.map { .value($0) }
                ?? .unreadable("the cache's process cannot be seen from here"),
            owners: owners
        )
    }
}
