import Glibc
import LinuxNet

/// Reads the rules of nf_tables over netlink: the chains, then those whose rules queries to the cache can meet.
struct NFTRulesReader {
    private static let subsystem: UInt16 = 10 << 8
    private static let getTable = subsystem | 1
    private static let getChain = subsystem | 4
    private static let getRule = subsystem | 7
    private static let maximumBytes = 32 << 20
    private static let maximumChains = 128
    private static let maximumRules = 20_000
    /// The families that IPv4 packets meet: inet and ip; and those that IPv6 packets meet.
    private static let families: [(family: UInt8, isIPv4: Bool)] = [(1, true), (2, true), (10, false)]

    private var rules = PacketRules()
    private var count = 0

    /// Reads the namespace of the calling thread, in `timeoutNanoseconds` at most.
    static func read(isIPv4: Bool, timeoutNanoseconds: Int64) throws(NetError) -> PacketRules {
        var socket = try NetlinkSocket(
            .netfilter,
            deadline: Clock.deadline(after: timeoutNanoseconds),
            maximumBytes: maximumBytes
        )
        var reader = NFTRulesReader()
        for (family, isOfIPv4) in families where isOfIPv4 == isIPv4 || family == 1 {
            try reader.readFamily(family, isIPv4: isIPv4, &socket)
        }
        return reader.rules
    }

    private mutating func readFamily(
        _ family: UInt8,
        isIPv4: Bool,
        _ socket: inout NetlinkSocket
    ) throws(NetError) {
        var hasProxyTable = false
        try socket.ask(type: Self.getTable, .all, payload: Self.header(family)) { message in
            if NFTText.text(NetlinkAttributes(message.dropFirst(4))[1] ?? []) == "kube-proxy" { hasProxyTable = true }
        }
        if hasProxyTable { rules.hasProxyTable = true }
        var bases: [PacketChain] = []
        var hasServicesChain = false
        try socket.ask(type: Self.getChain, .all, payload: Self.header(family)) { message in
            let chain = Self.chain(message, family: family)
            if chain.name == "KUBE-SERVICES", chain.table == "nat" { hasServicesChain = true }
            if chain.hook != nil, bases.count < Self.maximumChains { bases.append(chain) }
        }
        if hasServicesChain { rules.hasServicesChain = true }
        var wanted = bases.filter { $0.hook != .forward && $0.hook != .postrouting }
        while let chain = wanted.popLast() {
            guard rules.chains.count < Self.maximumChains else { return }
            let filled = try fill(chain, isIPv4: isIPv4, &socket)
            rules.chains.append(filled)
            // Jumps of kube-proxy's own NAT chains lead to each Service, which is not ours to walk.
            guard !filled.isNAT else { continue }
            for case .jump(let name) in filled.rules.map(\.verdict)
            where rules.chain(name, besides: chain) == nil
                && !wanted.contains(where: { $0.name == name && $0.table == chain.table })
            {
                wanted.append(
                    PacketChain(
                        backend: .nft,
                        family: family,
                        table: chain.table,
                        name: name,
                        hook: nil,
                        priority: chain.priority,
                        dropsByDefault: false,
                        isNAT: false
                    )
                )
            }
        }
    }

    private mutating func fill(
        _ chain: PacketChain,
        isIPv4: Bool,
        _ socket: inout NetlinkSocket
    ) throws(NetError) -> PacketChain {
        var chain = chain
        var request = NetlinkBytes()
        request.append(attribute: 1, Array(chain.table.utf8) + [0])
        request.append(attribute: 2, Array(chain.name.utf8) + [0])
        var (found, room): ([PacketRule], Int) = ([], Self.maximumRules - count)
        try socket.ask(
            type: Self.getRule,
            .all,
            payload: Self.header(chain.family) + request.bytes
        ) { message in
            let attributes = NetlinkAttributes(message.dropFirst(4))
            // Kernels that do not filter their answers send the rules of other chains too.
            guard NFTText.text(attributes[1] ?? []) == chain.table, NFTText.text(attributes[2] ?? []) == chain.name
            else { return }
            room -= 1
            if room >= 0 { found.append(NFTRuleDecoder.decode(attributes[4] ?? [], isIPv4: isIPv4)) }
        }
        guard room >= 0 else {
            throw NetError(operation: "list rules", code: EFBIG, subject: chain.title)
        }
        count += found.count
        chain.rules = found
        return chain
    }

    /// The header of a request or answer of netfilter: family, version, resource.
    private static func header(_ family: UInt8) -> [UInt8] { [family, 0, 0, 0] }

    private static func chain(_ message: ArraySlice<UInt8>, family: UInt8) -> PacketChain {
        let attributes = NetlinkAttributes(message.dropFirst(4))
        let hook = attributes[4].map { NetlinkAttributes($0) }
        let type = NFTText.text(attributes[7] ?? [])
        return PacketChain(
            backend: .nft,
            family: family,
            table: NFTText.text(attributes[1] ?? []),
            name: NFTText.text(attributes[3] ?? []),
            hook: hook.flatMap { NFTText.number($0[1]) }.flatMap { PacketChain.Hook(rawValue: $0) },
            priority: hook.flatMap { NFTText.number($0[2]) }.map { Int32(bitPattern: $0) } ?? 0,
            dropsByDefault: NFTText.number(attributes[5]) == 0,
            isNAT: type == "nat"
        )
    }
}
