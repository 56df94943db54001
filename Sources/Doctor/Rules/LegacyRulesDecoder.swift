import DNSWire
import LinuxNet

/// Reads a table of legacy iptables from the blob that the kernel gives (linux/netfilter_ipv4/ip_tables.h).
///
/// Entries stand one behind the other: `struct ipt_entry` of 112 octets, matches, and a target. A chain of a user
/// begins behind an entry whose target is ERROR and whose data is the chain's name; jumps give an entry's offset.
struct LegacyRulesDecoder {
    private static let entryLength = 112
    private static let extensionLength = 32

    private let blob: ArraySlice<UInt8>
    /// The names of the chains of users, by the offset of their first entry.
    private var names: [Int: String] = [:]

    /// Where the kernel calls a table: offsets of the first entry and of the policy.
    struct Base {
        let hook: PacketChain.Hook
        let first: Int
        let policy: Int
    }

    /// Reads all chains of a table; those of users too.
    static func decode(_ blob: ArraySlice<UInt8>, table: String, priority: Int32, bases: [Base]) -> [PacketChain] {
        var decoder = LegacyRulesDecoder(blob: blob)
        decoder.findNames()
        var chains: [PacketChain] = []
        for base in bases {
            let rules = decoder.rules(from: base.first, through: base.policy)
            var chain = PacketChain(
                backend: .legacy,
                family: 2,
                table: table,
                name: "\(base.hook)".uppercased(),
                hook: base.hook,
                priority: priority,
                dropsByDefault: decoder.rule(at: base.policy)?.rule.verdict == .drop,
                isNAT: table == "nat"
            )
            chain.rules = Array(rules.dropLast())
            chains.append(chain)
        }
        for (first, name) in decoder.names.sorted(by: { $0.key < $1.key }) {
            var chain = PacketChain(
                backend: .legacy,
                family: 2,
                table: table,
                name: name,
                hook: nil,
                priority: priority,
                dropsByDefault: false,
                isNAT: table == "nat"
            )
            chain.rules = decoder.rules(from: first, through: Int.max)
            chains.append(chain)
        }
        return chains
    }

    private init(blob: ArraySlice<UInt8>) { self.blob = blob }

    private mutating func findNames() {
        var offset = 0
        while let entry = rule(at: offset) {
            if let name = entry.chainName, name != "ERROR" { names[entry.next] = name }
            offset = entry.next
        }
    }

    /// The rules up to and with the one at `last`, or up to the next chain.
    private func rules(from first: Int, through last: Int) -> [PacketRule] {
        var found: [PacketRule] = []
        var offset = first
        while offset <= last, let entry = rule(at: offset), entry.chainName == nil {
            found.append(entry.rule)
            offset = entry.next
        }
        return found
    }

    private func rule(at offset: Int) -> (rule: PacketRule, next: Int, chainName: String?)? {
        guard offset >= 0, offset <= blob.count - Self.entryLength else { return nil }
        let entry = blob[(blob.startIndex + offset)...]
        let (target, next) = (Int(NetlinkBytes.half(entry, at: 88)), Int(NetlinkBytes.half(entry, at: 90)))
        guard target >= Self.entryLength, next >= target + Self.extensionLength, next <= entry.count else { return nil }
        var rule = PacketRule()
        readAddresses(entry, &rule)
        readMatches(entry.dropFirst(Self.entryLength).prefix(target - Self.entryLength), &rule)
        let name = NFTText.text(entry.dropFirst(target + 2).prefix(29))
        let info = entry.dropFirst(target + Self.extensionLength).prefix(next - target - Self.extensionLength)
        if name == "ERROR" { return (rule, offset + next, NFTText.text(info)) }
        rule.verdict =
            name.isEmpty ? standard(Int32(bitPattern: NetlinkBytes.word(info, at: 0))) : XTTarget.verdict(name, info)
        return (rule, offset + next, nil)
    }

    /// `struct ipt_ip`: addresses, masks, interfaces with masks, protocol, flags, what is inverted.
    private func readAddresses(_ entry: ArraySlice<UInt8>, _ rule: inout PacketRule) {
        rule.source = prefix(entry.dropFirst(0), mask: entry.dropFirst(8))
        rule.destination = prefix(entry.dropFirst(4), mask: entry.dropFirst(12))
        let transport = NetlinkBytes.half(entry, at: 80)
        if transport > 0 { rule.transport = UInt8(truncatingIfNeeded: transport) }
        let hasInterface = entry.dropFirst(48).prefix(32).contains { $0 != 0 }
        let isInverted = entry[entry.startIndex + 83] != 0
        if hasInterface || isInverted || entry[entry.startIndex + 82] & 1 != 0 { rule.hasOtherConditions = true }
        if isInverted { (rule.source, rule.destination, rule.transport) = (nil, nil, nil) }
    }

    private func prefix(_ address: ArraySlice<UInt8>, mask: ArraySlice<UInt8>) -> LocalAddressTable.Prefix? {
        let bits = mask.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard bits != 0, let address = IPAddress(bytes: Array(address.prefix(4))) else { return nil }
        return LocalAddressTable.Prefix(address: address, length: (~bits).leadingZeroBitCount)
    }

    private func readMatches(_ matches: ArraySlice<UInt8>, _ rule: inout PacketRule) {
        var rest = matches
        while rest.count >= Self.extensionLength {
            let length = Int(NetlinkBytes.half(rest, at: 0))
            guard length >= Self.extensionLength, length <= rest.count else { break }
            let name = NFTText.text(rest.dropFirst(2).prefix(29))
            let info = rest.dropFirst(Self.extensionLength).prefix(length - Self.extensionLength)
            if let match = name == "tcp" || name == "udp" ? XTMatch(ports: info, isTCP: name == "tcp") : nil {
                match.apply(to: &rule)
            } else if name != "comment" {
                rule.hasOtherConditions = true
            }
            rest = rest.dropFirst(length)
        }
    }

    /// The verdict of a standard target: an offset to jump to, or minus a verdict minus one.
    private func standard(_ code: Int32) -> PacketRule.Verdict {
        switch code {
        case -2: .accept
        case -1: .drop
        case -5: .leave
        case 0...: .jump(names[Int(code)] ?? "")
        default: .next
        }
    }
}
