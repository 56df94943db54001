import LinuxNet

/// What IPVS has for the port of DNS.
package struct IPVSReading: Sendable {
    /// The virtual services.
    package var table: Reading<IPVSTable>
    /// The connections.
    package var connections: Reading<IPVSConnectionTable>
    /// Seconds after which an idle UDP entry is forgotten.
    package var udpTimeoutSeconds: Reading<Int>
    /// False when the kernel has no IPVS at all.
    package var isPresent: Bool

    /// IP_VS_SO_GET_TIMEOUT (linux/ip_vs.h): seconds for TCP, TCP after FIN, and UDP.
    private static let getTimeout: Int32 = 64 + 1_024 + 64 + 7

    /// A reading from parts, for tests.
    package init(
        table: Reading<IPVSTable>,
        connections: Reading<IPVSConnectionTable>,
        udpTimeoutSeconds: Reading<Int> = .unreadable("not read"),
        isPresent: Bool = true
    ) {
        self.table = table
        self.connections = connections
        self.udpTimeoutSeconds = udpTimeoutSeconds
        self.isPresent = isPresent
    }

    /// Reads the network namespace in which the calling thread is.
    static func take(port: UInt16, roots: NodeRoots) -> IPVSReading {
        var isPresent = true
        let table = Reading<IPVSTable> { () throws(ProcError) in
            do throws(ProcError) {
                return try ProcFile.wellFormed(roots.network + "ip_vs", into: IPVSTable(port: port))
            } catch {
                if error.isMissingFile { isPresent = false }
                throw error
            }
        }
        guard isPresent else {
            let reason = table.reason ?? "the kernel has no IPVS"
            return IPVSReading(
                table: table,
                connections: .unreadable(reason),
                udpTimeoutSeconds: .unreadable(reason),
                isPresent: false
            )
        }
        return IPVSReading(
            table: table,
            connections: Reading { () throws(ProcError) in
                try ProcFile.wellFormed(roots.network + "ip_vs_conn", into: IPVSConnectionTable(port: port))
            },
            udpTimeoutSeconds: Reading { () throws(NetError) in
                var bytes = [UInt8](repeating: 0, count: 12)
                try KernelOption().read(getTimeout, &bytes)
                return Int(NetlinkBytes.word(bytes[...], at: 8))
            }
        )
    }
}
