import DNSWire
import LinuxNet
import Testing

@testable import Doctor

@Suite("Packet filter rules")
struct PacketRuleTests {
    private static let cache = HealthyNode.cache.address
    private static let query = PacketFlow(transport: 6, destination: cache, destinationPort: 53)

    /// One expression of nf_tables: name and attributes.
    static func expression(_ name: String, _ attributes: [(UInt16, [UInt8])] = []) -> [UInt8] {
        var data = NetlinkBytes()
        for (type, value) in attributes { data.append(attribute: type, value) }
        var element = NetlinkBytes()
        element.append(attribute: 1, Array(name.utf8) + [0])
        element.append(attribute: 2, data.bytes)
        var list = NetlinkBytes()
        list.append(attribute: 1, element.bytes)
        return list.bytes
    }

    private static func nested(_ type: UInt16, _ value: [UInt8]) -> [UInt8] {
        var bytes = NetlinkBytes()
        bytes.append(attribute: type, value)
        return bytes.bytes
    }

    private static func big(_ value: UInt32) -> [UInt8] { IPAddress.v4(value).bytes }

    static func payload(_ base: UInt32, _ offset: UInt32, _ length: UInt32) -> [UInt8] {
        expression("payload", [(1, big(1)), (2, big(base)), (3, big(offset)), (4, big(length))])
    }

    static func compare(_ value: [UInt8], operation: UInt32 = 0) -> [UInt8] {
        expression("cmp", [(1, big(1)), (2, big(operation)), (3, nested(1, value))])
    }

    static func verdict(_ code: Int32, chain: String? = nil) -> [UInt8] {
        var verdict = NetlinkBytes()
        verdict.append(attribute: 1, big(UInt32(bitPattern: code)))
        if let chain { verdict.append(attribute: 2, Array(chain.utf8) + [0]) }
        return expression("immediate", [(1, big(0)), (2, nested(2, verdict.bytes))])
    }

    /// `ip daddr 169.254.20.10 tcp dport 53`, as nft writes it.
    static let toCache =
        expression("meta", [(1, big(1)), (2, big(16))]) + compare([6]) + payload(1, 16, 4) + compare(cache.bytes)
        + payload(2, 2, 2) + compare([0, 53]) + expression("counter")

    private func decode(_ bytes: [UInt8]) -> PacketRule { NFTRuleDecoder.decode(bytes[...], isIPv4: true) }

    @Test("nft's own NOTRACK, and that of iptables-nft, are the same rule")
    func notrack() {
        let ports: [UInt8] = [0, 0, 0xFF, 0xFF, 53, 0, 53, 0, 0, 0, 0, 0]
        let target = Self.expression("target", [(1, Array("CT".utf8) + [0]), (2, Self.big(2)), (3, [1, 0, 0, 0])])
        let match = Self.expression("match", [(1, Array("tcp".utf8) + [0]), (2, Self.big(0)), (3, ports)])
        let comment = Self.expression("match", [(1, Array("comment".utf8) + [0]), (3, [65, 0])])
        let plain = decode(Self.toCache + Self.expression("notrack"))
        #expect(plain.verdict == .notrack && plain.isExactly(Self.query))
        let extended = decode(
            Self.expression("meta", [(2, Self.big(16))]) + Self.compare([6]) + Self.payload(1, 16, 4)
                + Self.compare(Self.cache.bytes) + match + comment + target
        )
        #expect(extended == plain)
    }

    @Test("verdicts, prefixes and port ranges are told apart")
    func verdicts() {
        #expect(decode(Self.verdict(1)).verdict == .accept)
        #expect(decode(Self.verdict(0)).verdict == .drop)
        #expect(decode(Self.verdict(-3, chain: "cali-INPUT")).verdict == .jump("cali-INPUT"))
        #expect(decode(Self.verdict(-5)).verdict == .leave)
        #expect(decode(Self.expression("reject")).verdict == .drop)
        let prefix = decode(Self.payload(1, 16, 2) + Self.compare([169, 254]) + Self.verdict(1))
        #expect(prefix.destination?.length == 16)
        #expect(prefix.surelyMatches(Self.query))
        let range = decode(
            Self.payload(2, 2, 2) + Self.compare([0, 1], operation: 5) + Self.compare([0, 100], operation: 3)
        )
        #expect(range.destinationPort == 1...100)
    }

    @Test("what is not understood counts as a condition more, so that the rule surely matches nothing")
    func unknown() {
        for bytes in [
            Self.expression("lookup"), Self.compare([6]), Self.payload(1, 16, 4) + Self.compare([1], operation: 1),
            Self.expression("match", [(1, Array("mark".utf8)), (3, [1, 2, 3, 4])]),
            Self.expression("match", [(1, Array("tcp".utf8)), (3, [1])]),
        ] {
            let rule = decode(bytes + Self.verdict(1))
            #expect(rule.verdict == .accept && rule.hasOtherConditions && !rule.surelyMatches(Self.query))
        }
    }

    @Test("expressions may end at every octet, and any octet may be any other", .timeLimit(.minutes(1)))
    func hostile() {
        let bytes = Self.toCache + Self.verdict(-3, chain: "X")
        for end in bytes.indices { _ = decode(Array(bytes[..<end])) }
        for index in bytes.indices {
            for value: UInt8 in [0, 1, 3, 127, 255] {
                var mutated = bytes
                mutated[index] = value
                _ = decode(mutated)
            }
        }
    }

    @Test("twelve rules for an address, as node-cache sets them, each belonging into one chain")
    func twelve() {
        let rules = CacheRule.all(for: HealthyNode.cache, healthPort: 8080)
        #expect(rules.count == 12)
        #expect(rules.count(where: \.isNotrack) == 8)
        let chains = HealthyNode.rules().chains
        for rule in rules {
            #expect(chains.count { rule.belongs(in: $0) } == 1)
            #expect(rule.copies(in: chains) == 1)
        }
    }

    @Test("a jump that only some packets take does not decide for the others")
    func conditionalJump() {
        var rules = HealthyNode.rules()
        var jump = PacketRule()
        jump.verdict = .jump("X")
        jump.hasOtherConditions = true
        rules.chains[0].rules.insert(jump, at: 0)
        var chain = HealthyNode.chain("raw", "X", nil)
        var accept = PacketRule()
        accept.verdict = .accept
        chain.rules = [accept]
        rules.chains.append(chain)
        let walk = RuleWalk(rules, seeking: .notrack, for: Self.query) { $0 == .accept }
        #expect(walk.walk(rules.chains[0]) == .doubtful("rule 1 of raw X (nft)"))
        #expect(RuleWalk(rules, seeking: .notrack, for: Self.query) { $0 == .drop }.walk(rules.chains[0]) == .found)
    }

    @Test("chains that jump to each other end the walk")
    func loop() {
        var rules = PacketRules()
        var chain = HealthyNode.chain("raw", "X", .prerouting)
        var jump = PacketRule()
        jump.verdict = .jump("X")
        chain.rules = [jump]
        rules.chains = [chain]
        #expect(RuleWalk(rules, seeking: .notrack, for: Self.query) { $0 == .accept }.walk(chain) == .passed)
    }
}
