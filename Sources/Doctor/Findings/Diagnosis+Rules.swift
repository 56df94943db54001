import DNSWire
import NodeLocal

/// Findings on the packet filter rules that node-cache sets.
extension Diagnosis {
    /// The addresses that rules are expected for: those that the Corefile binds, without those that IPVS takes.
    private func ruledAddresses(_ settings: NodeSettings) -> [Endpoint] {
        let context = facts.context
        let bound = context.expectations.listenAddresses
        let isTaken = ProxySigns(facts, settings).isClusterDNSOnIPVS
        return (bound.isEmpty ? [context.cache.address] : bound)
            .filter { !(isTaken && $0 == context.clusterDNS?.address) }
            .filter { $0.isIPv4 == context.cache.address.isIPv4 }
            .map { Endpoint(address: $0, port: context.cache.port) }
    }

    private func expectedRules(_ settings: NodeSettings) -> [CacheRule] {
        ruledAddresses(settings).flatMap { CacheRule.all(for: $0, healthPort: facts.context.health?.port) }
    }

    /// Why nothing can be said of rules, or nil.
    private func noRules(_ id: FindingID, _ settings: NodeSettings) -> Finding? {
        if settings.rules.nft.value == nil, settings.rules.legacy.value == nil {
            return skip(id, settings.rules.reason ?? "the rules were not read")
        }
        if ProxySigns(facts, settings).mode == .ebpf {
            return skip(id, "eBPF leads queries to the cache past these rules")
        }
        return nil
    }

    /// How packets of a rule's flow fare in each back end's base chains where the rule belongs.
    private func walks(_ rule: CacheRule, _ settings: NodeSettings) -> [RuleWalk.Outcome] {
        [settings.rules.nft.value, settings.rules.legacy.value].compactMap { $0 }.flatMap { rules in
            let walk = RuleWalk(rules, seeking: rule.verdict, for: rule.flow) { verdict in
                verdict == .drop || rule.isNotrack && verdict == .accept
            }
            return rules.chains.filter(rule.belongs).map { walk.walk($0) }
        }
    }

    var notrackRules: Finding {
        let id = FindingID.notrackRules
        guard let settings = facts.settings else { return skip(id, Self.stopped) }
        if let finding = noRules(id, settings) { return finding }
        let rules = expectedRules(settings).filter(\.isNotrack)
        let missing = rules.filter { !isPresent($0, settings) }
        let read = "\(rules.count - missing.count) of \(rules.count) NOTRACK rules"
        guard let first = missing.first else { return Finding(id, .pass, read: read) }
        let text = "\(read); missing: \(first)" + (missing.count > 1 ? " and \(missing.count - 1) more" : "")
        if let reason = settings.rules.reason {
            return skip(id, "\(text), as far as they can be read (\(reason))")
        }
        guard missing.contains(where: { !$0.isForHealth }) else {
            return Finding(
                id,
                .inconclusive,
                read: text,
                meaning: "the kubelet's probes are tracked: node-cache's -health-port is not that of the Corefile"
            )
        }
        return Finding(id, .fail, read: text)
    }

    /// True when some rule, this very one or a wider one, keeps all packets of the flow from being tracked.
    private func isPresent(_ rule: CacheRule, _ settings: NodeSettings) -> Bool {
        settings.rules.chains.contains { chain in
            (rule.belongs(in: chain) || chain.hook == nil && chain.isBeforeTracking == rule.isNotrack)
                && chain.rules.contains { $0.verdict == rule.verdict && $0.surelyMatches(rule.flow) }
        }
    }

    var notrackOrder: Finding {
        let id = FindingID.notrackOrder
        guard let settings = facts.settings else { return skip(id, Self.stopped) }
        if let finding = noRules(id, settings) { return finding }
        var (ended, doubtful, seen) = ([String](), [String](), 0)
        for rule in expectedRules(settings) where rule.isNotrack && isPresent(rule, settings) {
            seen += 1
            let outcomes = walks(rule, settings)
            if outcomes.contains(.found) { continue }
            for outcome in outcomes {
                switch outcome {
                case .ended(let place): ended.append("\(place) comes before \(rule)")
                case .doubtful(let place): doubtful.append("\(place) may come before \(rule)")
                case .found, .passed: break
                }
            }
        }
        guard seen > 0 else { return skip(id, "there is no NOTRACK rule for the cache") }
        if let first = ended.first {
            return Finding(id, .fail, read: ended.count > 1 ? "\(first), and \(ended.count - 1) more" : first)
        }
        if let first = doubtful.first {
            return Finding(
                id,
                .inconclusive,
                read: first,
                meaning: "that rule decides by marks, interfaces or sets, so that only the entries of connection "
                    + "tracking tell whether it takes queries"
            )
        }
        return Finding(id, .pass, read: "nothing comes before \(seen) NOTRACK rules")
    }

    var acceptRules: Finding {
        let id = FindingID.acceptRules
        guard let settings = facts.settings else { return skip(id, Self.stopped) }
        if let finding = noRules(id, settings) { return finding }
        let rules = expectedRules(settings).filter { !$0.isNotrack }
        let missing = rules.filter { !isPresent($0, settings) }
        var read = "\(rules.count - missing.count) of \(rules.count) ACCEPT rules"
        for rule in rules {
            for case .ended(let place) in walks(rule, settings) {
                return Finding(
                    id,
                    .fail,
                    read: "\(read); \(place) drops before \(rule)",
                    meaning: "the node's firewall drops queries to the cache, or its answers"
                )
            }
        }
        guard let first = missing.first else { return Finding(id, .pass, read: read) }
        read += "; missing: \(first)" + (missing.count > 1 ? " and \(missing.count - 1) more" : "")
        if let reason = settings.rules.reason {
            return skip(id, "\(read), as far as they can be read (\(reason))")
        }
        return Finding(id, .fail, read: read)
    }

    var ruleDuplicates: Finding {
        let id = FindingID.ruleDuplicates
        guard let settings = facts.settings else { return skip(id, Self.stopped) }
        if let finding = noRules(id, settings) { return finding }
        let counts = expectedRules(settings).map { rule in
            let copies = PacketChain.Backend.allCases.map { backend in
                rule.copies(in: settings.rules.chains.filter { $0.backend == backend })
            }
            return (rule, copies.max() ?? 0)
        }
        let total = counts.reduce(0) { $0 + $1.1 }
        guard total > 0 else { return skip(id, "there is no rule for the cache") }
        let read = "\(total) rules, at most \(counts.map(\.1).max() ?? 0) of a kind"
        guard let most = counts.max(by: { $0.1 < $1.1 }), most.1 > 1 else { return Finding(id, .pass, read: read) }
        return Finding(id, .fail, read: "\(read): \(most.0)")
    }

    var ruleBackend: Finding {
        let id = FindingID.ruleBackend
        guard let settings = facts.settings else { return skip(id, Self.stopped) }
        if let finding = noRules(id, settings) { return finding }
        if let reason = settings.rules.reason { return skip(id, reason) }
        let rules = expectedRules(settings)
        let holding = PacketChain.Backend.allCases.filter { backend in
            let chains = settings.rules.chains.filter { $0.backend == backend }
            return rules.contains { $0.copies(in: chains) > 0 }
        }
        guard let first = holding.first else { return skip(id, "there is no rule for the cache") }
        guard holding.count == 1 else {
            return Finding(id, .fail, read: "the cache's rules stand in both back ends, nft and legacy")
        }
        var proxy: [PacketChain.Backend] = []
        for (backend, rules) in [(PacketChain.Backend.nft, settings.rules.nft), (.legacy, settings.rules.legacy)] {
            guard let rules = rules.value else { continue }
            let rewrites = facts.context.clusterDNS.flatMap { rules.chainRewriting($0.address) } != nil
            if rules.hasServicesChain || rules.hasProxyTable || rewrites { proxy.append(backend) }
        }
        let read = "the cache's rules stand in \(first.rawValue)"
        guard proxy.isEmpty || proxy.contains(first) else {
            return Finding(id, .fail, read: "\(read), those of kube-proxy in \(proxy[0].rawValue)")
        }
        return Finding(id, .pass, read: proxy.isEmpty ? read : "\(read), where those of kube-proxy are")
    }
}
