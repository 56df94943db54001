/// Follows packets of a flow through a chain, to see which of two verdicts they meet first.
struct RuleWalk {
    /// What packets of the flow meet.
    enum Outcome: Equatable {
        /// The verdict that was sought.
        case found
        /// A rule that ends the way before it, here; the text names it.
        case ended(String)
        /// A rule may end the way before it, on conditions that cannot be judged.
        case doubtful(String)
        /// Neither of them.
        case passed
    }

    private static let maximumDepth = 8

    private let rules: PacketRules
    private let sought: PacketRule.Verdict
    private let flow: PacketFlow
    private let isEnd: (PacketRule.Verdict) -> Bool

    /// Seeks a verdict for a flow, with the verdicts that end the way before it.
    init(
        _ rules: PacketRules,
        seeking sought: PacketRule.Verdict,
        for flow: PacketFlow,
        endedBy isEnd: @escaping (PacketRule.Verdict) -> Bool
    ) {
        self.rules = rules
        self.sought = sought
        self.flow = flow
        self.isEnd = isEnd
    }

    /// Walks a chain and those that it jumps to.
    func walk(_ chain: PacketChain, depth: Int = 0) -> Outcome {
        var doubt: String?
        for (index, rule) in chain.rules.enumerated() where rule.mayMatch(flow) {
            let isSure = rule.surelyMatches(flow)
            let place = "rule \(index + 1) of \(chain.title)"
            if rule.verdict == sought, isSure { return doubt.map { .doubtful($0) } ?? .found }
            if isEnd(rule.verdict) {
                if isSure { return doubt.map { .doubtful($0) } ?? .ended(place) }
                doubt = doubt ?? place
            }
            if rule.verdict == .leave, isSure { break }
            guard case .jump(let name) = rule.verdict, depth < Self.maximumDepth,
                let next = rules.chain(name, besides: chain)
            else { continue }
            switch walk(next, depth: depth + 1) {
            case .found where isSure: return doubt.map { .doubtful($0) } ?? .found
            case .ended(let text) where isSure: return doubt.map { .doubtful($0) } ?? .ended(text)
            case .ended(let text), .doubtful(let text): doubt = doubt ?? text
            case .found, .passed: break
            }
        }
        return doubt.map { .doubtful($0) } ?? .passed
    }
}
