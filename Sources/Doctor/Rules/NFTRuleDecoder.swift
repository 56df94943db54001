import DNSWire
import LinuxNet

/// Reads one rule of nf_tables from its netlink attributes.
///
/// A rule is a list of expressions that load a part of the packet into a register, compare it, and act
/// (linux/netfilter/nf_tables.h). `iptables-nft` writes some of its matches and targets as xtables extensions, whose
/// structures are those of linux/netfilter/xt_tcpudp.h and xt_CT.h. What is not understood counts as a condition more.
struct NFTRuleDecoder {
    /// What a register holds.
    private enum Load: Equatable {
        case transport
        case family
        case source(length: Int)
        case destination(length: Int)
        case sourcePort
        case destinationPort
    }

    /// What was read so far.
    private(set) var rule = PacketRule()
    private var load: Load?
    private var maskLength: Int?
    private let isIPv4: Bool

    /// Decodes the value of NFTA_RULE_EXPRESSIONS, for packets of one family.
    static func decode(_ expressions: ArraySlice<UInt8>, isIPv4: Bool) -> PacketRule {
        var decoder = NFTRuleDecoder(isIPv4: isIPv4)
        for element in NetlinkAttributes(expressions) {
            let attributes = NetlinkAttributes(element.value)
            guard let name = attributes[1] else { continue }
            decoder.take(NFTText.text(name), NetlinkAttributes(attributes[2] ?? []))
        }
        return decoder.rule
    }

    private init(isIPv4: Bool) { self.isIPv4 = isIPv4 }

    private mutating func take(_ name: String, _ data: NetlinkAttributes) {
        switch name {
        case "meta": (load, maskLength) = (Self.metaLoad(data), nil)
        case "payload": (load, maskLength) = (payloadLoad(data), nil)
        case "bitwise": maskLength = Self.prefixLength(NetlinkAttributes(data[4] ?? [])[1] ?? [])
        case "cmp": compare(data)
        case "range": compareRange(data)
        case "counter", "log": break
        case "notrack": rule.verdict = .notrack
        case "nat", "redir": rule.verdict = .rewrite
        case "reject": rule.verdict = .drop
        case "immediate": decide(NetlinkAttributes(NetlinkAttributes(data[2] ?? [])[2] ?? []))
        case "match": match(NFTText.text(data[1] ?? []), data[3] ?? [])
        case "target": target(NFTText.text(data[1] ?? []), data[3] ?? [])
        default: rule.hasOtherConditions = true
        }
    }

    private static func metaLoad(_ data: NetlinkAttributes) -> Load? {
        switch NFTText.number(data[2]) {
        case 15: .family
        case 16: .transport
        default: nil
        }
    }

    private func payloadLoad(_ data: NetlinkAttributes) -> Load? {
        let length = Int(NFTText.number(data[4]) ?? 0)
        switch (NFTText.number(data[2]), NFTText.number(data[3])) {
        case (1, isIPv4 ? 9 : 6) where length == 1: return .transport
        case (1, isIPv4 ? 12 : 8) where length <= (isIPv4 ? 4 : 16): return .source(length: length)
        case (1, isIPv4 ? 16 : 24) where length <= (isIPv4 ? 4 : 16): return .destination(length: length)
        case (2, 0) where length == 2: return .sourcePort
        case (2, 2) where length == 2: return .destinationPort
        default: return nil
        }
    }

    /// Takes a comparison with a known part: equality, and for ports the bounds of a range (NFT_CMP_EQ, LTE, GTE).
    private mutating func compare(_ data: NetlinkAttributes) {
        let value = NetlinkAttributes(data[3] ?? [])[1] ?? []
        switch NFTText.number(data[2]) {
        case 0: compareEqual(value)
        case 3: limit(from: 0, to: port(value)?.upperBound)
        case 5: limit(from: port(value)?.lowerBound, to: UInt16.max)
        default: rule.hasOtherConditions = true
        }
    }

    private mutating func compareRange(_ data: NetlinkAttributes) {
        guard NFTText.number(data[2]) == 0 else {
            rule.hasOtherConditions = true
            return
        }
        let bounds = [data[3], data[4]].map { port(NetlinkAttributes($0 ?? [])[1] ?? []) }
        limit(from: bounds[0]?.lowerBound, to: bounds[1]?.upperBound)
    }

    /// Narrows the port that is loaded to a range.
    private mutating func limit(from lower: UInt16?, to upper: UInt16?) {
        guard load == .sourcePort || load == .destinationPort, let lower, let upper else {
            rule.hasOtherConditions = true
            return
        }
        let path = load == .sourcePort ? \PacketRule.sourcePort : \PacketRule.destinationPort
        let known = rule[keyPath: path] ?? 0...UInt16.max
        let (first, last) = (max(known.lowerBound, lower), min(known.upperBound, upper))
        guard first <= last else {
            rule.hasOtherConditions = true
            return
        }
        rule[keyPath: path] = first...last
    }

    private mutating func compareEqual(_ value: ArraySlice<UInt8>) {
        guard let load, let first = value.first else {
            rule.hasOtherConditions = true
            return
        }
        switch load {
        case .family: if first != (isIPv4 ? 2 : 10) { rule.hasOtherConditions = true }
        case .transport: rule.transport = first
        case .source(let length): rule.source = prefix(value, length)
        case .destination(let length): rule.destination = prefix(value, length)
        case .sourcePort: rule.sourcePort = port(value)
        case .destinationPort: rule.destinationPort = port(value)
        }
    }

    private mutating func prefix(_ value: ArraySlice<UInt8>, _ length: Int) -> LocalAddressTable.Prefix? {
        let size = isIPv4 ? 4 : 16
        let octets = Array(value.prefix(size)) + [UInt8](repeating: 0, count: max(0, size - value.count))
        guard let address = IPAddress(bytes: octets) else {
            rule.hasOtherConditions = true
            return nil
        }
        return LocalAddressTable.Prefix(address: address, length: min(maskLength ?? 8 * length, 8 * length))
    }

    private mutating func port(_ value: ArraySlice<UInt8>) -> ClosedRange<UInt16>? {
        guard value.count >= 2 else {
            rule.hasOtherConditions = true
            return nil
        }
        let port = value.prefix(2).reduce(UInt16(0)) { $0 << 8 | UInt16($1) }
        return port...port
    }

    private mutating func decide(_ verdict: NetlinkAttributes) {
        guard let code = NFTText.number(verdict[1]) else { return }
        switch Int32(bitPattern: code) {
        case 1: rule.verdict = .accept
        case 0: rule.verdict = .drop
        case -3, -4: rule.verdict = .jump(NFTText.text(verdict[2] ?? []))
        case -5: rule.verdict = .leave
        default: break
        }
    }

    private mutating func match(_ name: String, _ info: ArraySlice<UInt8>) {
        if name == "comment" { return }
        guard name == "tcp" || name == "udp", let match = XTMatch(ports: info, isTCP: name == "tcp") else {
            rule.hasOtherConditions = true
            return
        }
        match.apply(to: &rule)
    }

    private mutating func target(_ name: String, _ info: ArraySlice<UInt8>) {
        rule.verdict = XTTarget.verdict(name, info)
    }

    /// The leading ones of a mask, or nil when it has others too.
    private static func prefixLength(_ mask: ArraySlice<UInt8>) -> Int? {
        let length = mask.prefix { $0 == 0xFF }.count
        guard length < mask.count else { return 8 * length }
        let octet = mask[mask.startIndex + length]
        let ones = (~octet).leadingZeroBitCount
        guard octet == ~(0xFF >> UInt8(ones)), mask.dropFirst(length + 1).allSatisfy({ $0 == 0 }) else { return nil }
        return 8 * length + ones
    }
}

/// Numbers and words in nf_tables' attributes: big-endian, and ended by a zero octet.
enum NFTText {
    /// A 32-bit number.
    static func number(_ value: ArraySlice<UInt8>?) -> UInt32? {
        guard let value, value.count == 4 else { return nil }
        return value.reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// A word; octets that are no UTF-8 are replaced.
    static func text(_ value: ArraySlice<UInt8>) -> String { ProcWords.text(value.prefix { $0 != 0 }) }
}
