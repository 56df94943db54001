package import DNSWire

/// Rows of `/proc/net/udp`, `udp6`, `tcp` or `tcp6` that concern the ports of interest.
///
///       sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
///      537: 0A14FEA9:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 51239 2 0000… 0
///
/// Addresses are 32-bit words of the network-order address printed in the machine's order; the TCP tables end after
/// `inode` with columns of their own (Linux `net/ipv4/udp.c`, `net/ipv4/tcp_ipv4.c`).
package struct SocketTable: ProcTable {
    /// Rows that are kept besides those of listeners; what comes beyond is counted by peer alone.
    private static let maximumRows = 8_192
    /// Peers that are told apart.
    private static let maximumPeers = 256

    /// The rows kept, in the order of the file.
    package private(set) var rows: [SocketRow] = []
    /// Local ports in use towards each peer on a port of interest.
    package private(set) var portUse: [Endpoint: PortUse] = [:]
    package var malformedLines = 0
    private let transport: SocketRow.Transport
    private let ports: Set<UInt16>

    /// An empty table that keeps rows with a local or remote port among `ports`.
    package init(_ transport: SocketRow.Transport, ports: Set<UInt16>) {
        self.transport = transport
        self.ports = ports
    }

    package mutating func add(line: ArraySlice<UInt8>) {
        let words = ProcWords.split(line)
        if words.first?.elementsEqual("sl".utf8) == true { return }
        guard words.count >= 10, words[0].last == UInt8(ascii: ":"),
            let local = Self.endpoint(words[1]), let remote = Self.endpoint(words[2]),
            let state: UInt8 = ProcWords.hexadecimal(words[3]),
            let queues = Self.pair(words[4]),
            let retransmits: UInt32 = ProcWords.hexadecimal(words[6]),
            let inode: UInt64 = ProcWords.decimal(words[9])
        else {
            malformedLines += 1
            return
        }
        guard ports.contains(local.port) || ports.contains(remote.port) else { return }
        var drops: UInt64?
        if transport == .udp, words.count >= 13 { drops = ProcWords.decimal(words[12]) }
        let row = SocketRow(
            transport: transport,
            local: local,
            remote: remote,
            state: SocketRow.State(rawValue: state),
            receiveQueueBytes: queues.1,
            retransmits: retransmits,
            inode: inode,
            drops: drops
        )
        if row.isListener || rows.count < Self.maximumRows { rows.append(row) }
        guard !row.isListener, ports.contains(remote.port),
            portUse[remote] != nil || portUse.count < Self.maximumPeers
        else { return }
        portUse[remote, default: PortUse()].add(row.state)
    }

    private static func pair(_ word: ArraySlice<UInt8>) -> (UInt32, UInt32)? {
        let halves = word.split(separator: UInt8(ascii: ":"))
        guard halves.count == 2, let first: UInt32 = ProcWords.hexadecimal(halves[0]),
            let second: UInt32 = ProcWords.hexadecimal(halves[1])
        else { return nil }
        return (first, second)
    }

    private static func endpoint(_ word: ArraySlice<UInt8>) -> Endpoint? {
        guard let colon = word.lastIndex(of: UInt8(ascii: ":")) else { return nil }
        let digits = word[..<colon]
        let port: UInt16? = ProcWords.hexadecimal(word[(colon + 1)...])
        guard let port, digits.count == 8 || digits.count == 32 else { return nil }
        var words: [UInt32] = []
        for start in stride(from: digits.startIndex, to: digits.endIndex, by: 8) {
            guard let value: UInt32 = ProcWords.hexadecimal(digits[start..<(start + 8)]) else { return nil }
            words.append(UInt32(bigEndian: value))
        }
        guard words.count == 4 else { return Endpoint(address: .v4(words[0]), port: port) }
        if words[0] == 0, words[1] == 0, words[2] == 0xFFFF {
            return Endpoint(address: .v4(words[3]), port: port)
        }
        let high = UInt64(words[0]) << 32 | UInt64(words[1])
        let low = UInt64(words[2]) << 32 | UInt64(words[3])
        return Endpoint(address: .v6(high, low), port: port)
    }
}

/// One socket as the kernel lists it.
package struct SocketRow: Sendable, Hashable {
    /// The protocol of the table that the row stood in.
    package enum Transport: String, Sendable, Hashable {
        case udp = "UDP"
        case tcp = "TCP"
    }

    /// The state column, numbered as TCP's states (Linux `include/net/tcp_states.h`).
    package struct State: RawRepresentable, Sendable, Hashable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        /// Connected; for UDP, a peer is set.
        package static let established = State(rawValue: 1)
        /// A first packet was sent and not answered.
        package static let synSent = State(rawValue: 2)
        /// Closed, and kept for stray packets.
        package static let timeWait = State(rawValue: 6)
        /// Not connected; the state of a UDP listener.
        package static let closed = State(rawValue: 7)
        /// A TCP listener.
        package static let listen = State(rawValue: 10)
    }

    package let transport: Transport
    /// The local address and port; an IPv4-mapped address is shown as IPv4.
    package let local: Endpoint
    /// The peer; the zero address without one.
    package let remote: Endpoint
    package let state: State
    /// Octets that wait to be read.
    package let receiveQueueBytes: UInt32
    /// Retransmissions of what is outstanding now.
    package let retransmits: UInt32
    /// Names the socket in `/proc/<pid>/fd`; 0 when no process holds it.
    package let inode: UInt64
    /// Datagrams dropped since the socket was made; nil for TCP.
    package let drops: UInt64?

    /// True for a socket that takes what comes in from anyone.
    package var isListener: Bool {
        switch transport {
        case .udp: state == .closed
        case .tcp: state == .listen
        }
    }

    /// True when the local address stands for all addresses.
    package var isWildcard: Bool { local.address == .v4(0) || local.address == .v6(0, 0) }
}

extension SocketRow {
    /// The IPv4 sockets of the network namespace of the calling thread that have a port on either end.
    ///
    /// - Returns: Nil when the table cannot be read.
    package static func rows(
        _ transport: Transport,
        port: UInt16,
        roots: NodeRoots = NodeRoots()
    ) -> [SocketRow]? {
        let path = roots.network + (transport == .udp ? "udp" : "tcp")
        return try? ProcFile.read(path, into: SocketTable(transport, ports: [port])).rows
    }
}
