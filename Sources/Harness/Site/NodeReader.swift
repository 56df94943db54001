import Conformance
import DNSWire
import Doctor
import Glibc
import Lab
import LinuxNet
import NodeLocal

/// Reads what checks want to know of the node: sockets, interfaces, rules, connection tracking, a pod's resolver file.
struct NodeReader: Sendable {
    let namespace: NetworkNamespace?
    let target: Endpoint
    let lab: Lab?

    /// Reads it all.
    func read() async -> NodeObservation {
        let target = target
        var values: [NodeObservation.Field: CheckValue] = [:]
        // There cluster DNS and cache share one namespace and one interface.
        let isShared = lab?.options.topology == .loopback
        let kernel =
            isShared
            ? nil
            : try? await Threads.run(name: "check-node", namespace: namespace) {
                (
                    udp: Self.listeners(.udp, target), tcp: Self.listeners(.tcp, target),
                    held: Self.interfaces(with: target.address),
                    flows: ConntrackReading.take(destination: target).table
                )
            }
        if let kernel {
            values[.udpListeners] = kernel.udp
            values[.tcpListeners] = kernel.tcp
            values[.interfaces] = .list(kernel.held.map { .text($0.name) })
            values[.prefixes] = .list(kernel.held.map { .integer($0.length) })
            values[.trackedFlows] =
                kernel.flows.value.map { .integer(Int64($0.matchingEntries)) }
                ?? .unknown(kernel.flows.reason ?? "connection tracking cannot be read")
        }
        if let lab {
            let rules = await lab.packetRules()
            let own = rules.filter { $0.contains(" \(target.address) ") }
            if !isShared, !rules.isEmpty {
                values[.untrackedRules] = .integer(Int64(own.count { $0.hasSuffix("notrack") }))
                values[.acceptRules] = .integer(Int64(own.count { $0.hasSuffix("accept") }))
            }
            if let file = try? ResolvConf(parsing: Array(lab.podResolverText.utf8)) {
                values[.resolverServers] = .list(file.nameservers.map { .text("\($0)") })
                values[.resolverSearch] = .list(file.search.map { .text("\($0)") })
                values[.resolverNdots] = .integer(Int64(file.ndots))
            }
        }
        return NodeObservation(
            values,
            otherwise: isShared ? "the lab of one namespace has no node of its own" : "it cannot be read on this node"
        )
    }

    private static func listeners(_ transport: SocketRow.Transport, _ target: Endpoint) -> CheckValue {
        guard let rows = SocketRow.rows(transport, port: target.port) else {
            return .unknown("the sockets of the node cannot be read")
        }
        let own = rows.filter { $0.isListener && $0.local.port == target.port }
        return .list(Set(own.map(\.local.address.description)).sorted().map { .text($0) })
    }

    /// The interfaces that have an IPv4 address, with the length of its prefix.
    private static func interfaces(with address: IPAddress) -> [(name: String, length: Int64)] {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return [] }
        defer { freeifaddrs(first) }
        var found: [(name: String, length: Int64)] = []
        var next = first
        while let entry = next?.pointee {
            next = entry.ifa_next
            guard let socket = entry.ifa_addr, let mask = entry.ifa_netmask, socket.pointee.sa_family == AF_INET else {
                continue
            }
            // SAFETY: an entry of family AF_INET has sockaddr_in for address and mask, which live until freeifaddrs.
            let (bits, length) = socket.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { own in
                mask.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { mask in
                    (UInt32(bigEndian: own.pointee.sin_addr.s_addr), mask.pointee.sin_addr.s_addr.nonzeroBitCount)
                }
            }
            if .v4(bits) == address { found.append((String(cString: entry.ifa_name), Int64(length))) }
        }
        return found
    }
}
