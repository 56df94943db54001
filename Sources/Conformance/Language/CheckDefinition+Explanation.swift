extension CheckDefinition {
    /// What the check asks, why, how it is judged and what to do, as lines for a reader.
    package var explanation: [String] {
        var lines = ["\(id)  \(title)", "severity \(severity.rawValue), tier \(tier.rawValue)"]
        lines.append("requirement: \(requirement)")
        lines += references.map { "source: \($0)" }
        for assertion in assertions {
            let statements = assertion.alternatives.map { $0.map(\.text).joined(separator: " and ") }
            var line = "\(assertion.isGuard ? "guard" : "expects") \(assertion.tag): "
            line += assertion.sentence.map { "\($0): " } ?? ""
            line += statements.joined(separator: ", or ")
            if let condition = assertion.condition { line += " (where \(condition.text))" }
            lines.append(line)
        }
        for profile in profiles {
            let known = profile.known.isEmpty ? "" : " shows \(profile.known.joined(separator: ", "))"
            let tolerated = profile.tolerated.isEmpty ? "" : " may show \(profile.tolerated.joined(separator: ", "))"
            lines.append("\(profile.condition)\(known)\(tolerated): \(profile.source)")
        }
        for mutant in mutants {
            lines.append("falls on defect \(mutant.defect): \(mutant.must.joined(separator: ", "))")
        }
        return lines + ["on failure: \(remediation)"]
    }
}
