import DNSWire

/// A change of a packet filter's rules, and what of the list of rules shows that it is there.
struct FaultyRules: Sendable {
    /// Whose packet filter.
    enum Place: Sendable {
        case node
        case cluster
    }

    /// Whose packet filter.
    var place = Place.node
    /// What is fed to nft.
    var script: String
    /// What the list of rules says of it; nil when the fault is not there.
    var evidence: @Sendable ([String]) -> String?

    private static let cache = LabLayout.cache.address
    private static let table = "table inet nldns_fault"

    /// The rules of node-cache in the raw table, for another program to be without, or to have too often.
    private static let untracking: [(chain: String, rule: String)] = [
        ("PREROUTING", "ip daddr \(cache) tcp dport 53 notrack"),
        ("PREROUTING", "ip daddr \(cache) udp dport 53 notrack"),
        ("OUTPUT", "ip saddr \(cache) tcp sport 53 notrack"),
        ("OUTPUT", "ip saddr \(cache) udp sport 53 notrack"),
        ("OUTPUT", "ip daddr \(cache) tcp dport 53 notrack"),
        ("OUTPUT", "ip daddr \(cache) udp dport 53 notrack"),
        ("OUTPUT", "ip daddr \(cache) tcp dport 8080 notrack"),
        ("OUTPUT", "ip saddr \(cache) tcp sport 8080 notrack"),
    ]

    private static func added(_ rules: [(chain: String, rule: String)]) -> String {
        rules.map { "add rule ip raw \($0.chain) \($0.rule)\n" }.joined()
    }

    /// Keeps of the NOTRACK rules only those that are accepted.
    static func keepingUntracking(_ isKept: (_ chain: String, _ rule: String) -> Bool) -> FaultyRules {
        let kept = untracking.filter { isKept($0.chain, $0.rule) }
        return FaultyRules(script: "flush table ip raw\n" + added(kept)) { rules in
            let left = rules.count { $0.contains("\(cache) ") && $0.hasSuffix("notrack") }
            return left == kept.count ? "\(left) of \(untracking.count) NOTRACK rules are left" : nil
        }
    }

    /// Adds each NOTRACK rule so many times.
    static func repeatingUntracking(_ times: Int) -> FaultyRules {
        FaultyRules(script: String(repeating: added(untracking), count: times)) { rules in
            let count = rules.count { $0.contains("\(cache) ") && $0.hasSuffix("notrack") }
            return count > untracking.count * times ? "\(count) NOTRACK rules" : nil
        }
    }

    /// Puts foreign rules that accept before the NOTRACK rules of both chains.
    static let acceptingFirst = FaultyRules(
        script: ["PREROUTING", "OUTPUT"].map { "insert rule ip raw \($0) ip daddr \(cache) accept\n" }.joined()
    ) { rules in
        guard let accepting = rules.firstIndex(of: "ip daddr \(cache) accept"),
            let untracking = rules.firstIndex(where: { $0.hasSuffix("notrack") }), accepting < untracking
        else { return nil }
        return "the first rule of the raw table is: \(rules[accepting])"
    }

    /// Takes the ACCEPT rules away.
    static let withoutAccepting = FaultyRules(script: "flush table ip filter\n") { rules in
        rules.contains { $0.contains("\(cache) ") && $0.hasSuffix("accept") } ? nil : "no ACCEPT rule is left"
    }

    /// Adds the ACCEPT rules for incoming queries so many times.
    static func repeatingAccepting(_ times: Int) -> FaultyRules {
        let pair = ["tcp", "udp"].map { "add rule ip filter INPUT ip daddr \(cache) \($0) dport 53 accept\n" }.joined()
        return FaultyRules(script: String(repeating: pair, count: times)) { rules in
            let count = rules.count { $0.hasPrefix("ip daddr \(cache) ") && $0.hasSuffix("dport 53 accept") }
            return count > 2 * times ? "\(count) ACCEPT rules" : nil
        }
    }

    /// Stops what goes to an address and port on its way in.
    ///
    /// - Parameters:
    ///   - place: where it arrives.
    ///   - addresses: its destinations.
    ///   - verdicts: transport, port and what becomes of it.
    static func stopping(
        at place: Place,
        _ addresses: [IPAddress],
        _ verdicts: [(transport: String, port: UInt16, verdict: String)]
    ) -> FaultyRules {
        let list = addresses.map(\.description).joined(separator: ", ")
        let rules = verdicts.map { "ip daddr { \(list) } \($0.transport) dport \($0.port) counter \($0.verdict)" }
        let script = """
            \(table) {
                chain input {
                    type filter hook input priority -310; policy accept;
            \(rules.map { "        " + $0 }.joined(separator: "\n"))
                }
            }

            """
        return FaultyRules(place: place, script: script) { listed in
            guard let start = listed.firstIndex(where: { $0.hasPrefix(table) }) else { return nil }
            let held = listed[start...].count { $0.contains("counter") }
            return held >= rules.count ? "the packet filter has: \(rules.joined(separator: "; "))" : nil
        }
    }
}
