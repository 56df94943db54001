/// Reads installations of node-cache without running them, and says what is wrong.
package enum Lint {
    /// Every rule, in the order of the documentation.
    package static let rules: [LintRule] =
        PlaceholderRules.all + AddressRules.all + FlagRules.all + PortRules.all + CorefileRules.all + ZoneRules.all
        + CacheRules.all + UpstreamRules.all + WorkloadRules.all + SchedulingRules.all + ServiceRules.all
        + ImageRules.all + KubeletRules.all + ProxyRules.all

    /// The rule of that name, or nil.
    package static func rule(_ id: String) -> LintRule? { rules.first { $0.id == id } }

    /// What the rules find in these files taken together, by place.
    ///
    /// Two DaemonSets may share a Corefile; what is found in it for both is told once.
    package static func findings(in subject: LintSubject) -> [LintFinding] {
        rules.flatMap { rule in
            var told: Set<String> = []
            return rule.find(subject).filter { told.insert("\($0.place) \($0.message)").inserted }.map {
                LintFinding(
                    rule: rule,
                    severity: $0.severity ?? rule.severity,
                    place: $0.place,
                    message: $0.message
                )
            }
        }.sorted { ($0.place, $0.rule.id) < ($1.place, $1.rule.id) }
    }
}
