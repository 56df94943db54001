import LinuxNet

/// The packet filter rules in both back ends.
package struct RulesReading: Sendable {
    /// Those of nf_tables.
    package var nft: Reading<PacketRules>
    /// Those of legacy iptables.
    package var legacy: Reading<PacketRules>

    private static let timeoutNanoseconds: Int64 = 2_000_000_000

    /// A reading from parts, for tests.
    package init(nft: Reading<PacketRules>, legacy: Reading<PacketRules>) {
        self.nft = nft
        self.legacy = legacy
    }

    /// Reads the network namespace in which the calling thread is.
    static func take(isIPv4: Bool, roots: NodeRoots) -> RulesReading {
        RulesReading(
            nft: Reading { () throws(NetError) in
                guard isNFTLoaded(roots) else { return PacketRules() }
                return try NFTRulesReader.read(isIPv4: isIPv4, timeoutNanoseconds: timeoutNanoseconds)
            },
            legacy: isIPv4 ? legacy(roots) : .unreadable("the legacy tables of IPv6 are not read")
        )
    }

    private static func legacy(_ roots: NodeRoots) -> Reading<PacketRules> {
        let names: [UInt8]
        do throws(ProcError) {
            names = try ProcFile.bytes(roots.network + "ip_tables_names", limit: 4_096)
        } catch {
            // A kernel without legacy iptables has no such file, and so no such rules.
            return error.isMissingFile ? .value(PacketRules()) : .unreadable(error.description)
        }
        let words = names.split(separator: UInt8(ascii: "\n")).map { ProcWords.text($0) }
        return Reading { () throws(NetError) in try LegacyRulesReader.read(names: Set(words)) }
    }

    /// False when nf_tables is a module and not loaded: a question would make the kernel load it.
    private static func isNFTLoaded(_ roots: NodeRoots) -> Bool {
        guard let modules = try? ProcFile.bytes(roots.proc + "/modules") else { return true }
        let names = modules.split(separator: UInt8(ascii: "\n")).compactMap { $0.split(separator: 0x20).first }
        let isModular = names.contains { $0.elementsEqual("nfnetlink".utf8) }
        return !isModular || names.contains { $0.elementsEqual("nf_tables".utf8) }
    }

    /// The chains of both back ends, as far as they could be read.
    var chains: [PacketChain] { (nft.value?.chains ?? []) + (legacy.value?.chains ?? []) }

    /// Why neither or only one of the back ends could be read; nil when both were.
    var reason: String? {
        let reasons = [nft.reason.map { "nft: \($0)" }, legacy.reason.map { "legacy: \($0)" }].compactMap { $0 }
        return reasons.isEmpty ? nil : reasons.joined(separator: "; ")
    }
}
