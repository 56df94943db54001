import Glibc
import LinuxNet

/// Reads the tables of legacy iptables that are in use, by socket options.
///
/// Asking for a table that is not in use would make the kernel load it, so that only those are asked for that
/// `/proc/net/ip_tables_names` has.
struct LegacyRulesReader {
    private static let getInfo: Int32 = 64
    private static let getEntries: Int32 = 65
    private static let infoLength = 84
    private static let entriesHeader = 40
    private static let maximumBytes = 4 << 20
    private static let tables: [(name: String, priority: Int32)] = [("raw", -300), ("nat", -100), ("filter", 0)]

    /// Reads the namespace of the calling thread; IPv4 only.
    static func read(names: Set<String>) throws(NetError) -> PacketRules {
        var rules = PacketRules()
        guard !names.isEmpty else { return rules }
        let option = try KernelOption()
        for (name, priority) in tables where names.contains(name) {
            let chains = try chains(name, priority: priority, option)
            if name == "nat", chains.contains(where: { $0.name == "KUBE-SERVICES" }) { rules.hasServicesChain = true }
            rules.chains += chains.filter { !$0.isNAT || $0.hook != nil }
        }
        return rules
    }

    private static func chains(
        _ table: String,
        priority: Int32,
        _ option: borrowing KernelOption
    ) throws(NetError) -> [PacketChain] {
        let name = Array(table.utf8) + [UInt8](repeating: 0, count: 32 - table.utf8.count)
        var info = name + [UInt8](repeating: 0, count: infoLength - 32)
        try option.read(getInfo, &info)
        let words = (0..<13).map { NetlinkBytes.word(info[...], at: 32 + 4 * $0) }
        let size = Int(words[12])
        guard info.count == infoLength, size <= maximumBytes else {
            throw NetError(operation: "list the rules of legacy iptables", code: EFBIG, subject: table)
        }
        var request = NetlinkBytes()
        request.append(UInt32(size))
        var entries = name + request.bytes + [UInt8](repeating: 0, count: entriesHeader - 36 + size)
        try option.read(getEntries, &entries)
        let bases = PacketChain.Hook.allCases.compactMap { hook -> LegacyRulesDecoder.Base? in
            let index = Int(hook.rawValue)
            guard words[0] & 1 << hook.rawValue != 0 else { return nil }
            return LegacyRulesDecoder.Base(hook: hook, first: Int(words[1 + index]), policy: Int(words[6 + index]))
        }
        return LegacyRulesDecoder.decode(
            entries.dropFirst(entriesHeader),
            table: table,
            priority: priority,
            bases: bases
        )
    }
}
