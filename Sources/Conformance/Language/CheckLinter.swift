/// Finds what a check file forgot, without running anything.
package struct CheckLinter {
    /// What the reference cache says it is; its healthy run must see each deviation that is known of this version.
    private static let reference = (product: "coredns", version: VersionNumber("1.13.1"))

    private let knownDefects: Set<String>
    private var findings: [CheckFinding] = []

    /// Lints checks; `knownDefects` are the public names of the reference cache's defects.
    package static func lint(_ checks: [CheckDefinition], knownDefects: Set<String>) -> [CheckFinding] {
        var linter = Self(knownDefects: knownDefects)
        var seen: Set<String> = []
        for check in checks {
            if !seen.insert(check.id).inserted { linter.report(.duplicateID, check, "the id is used twice") }
            linter.lint(check)
        }
        return linter.findings
    }

    private init(knownDefects: Set<String>) {
        self.knownDefects = knownDefects
    }

    private mutating func lint(_ check: CheckDefinition) {
        let number = check.id.dropFirst(check.section.count + 1)
        if !check.id.hasPrefix(check.section + "-") || number.count != 2 || Int(number) == nil {
            report(.foreignID, check, "the id does not belong to section \(check.section)")
        }
        if check.references.isEmpty { report(.missingReference, check, "no reference is given") }
        if check.actsOnLab, !check.isExclusive || !check.needs.contains(.lab) {
            report(.disturbingCheck, check, "a check with a lab step says 'exclusive: true' and 'needs: [lab]'")
        }
        lintTags(check)
        lintSteps(check)
        lintNames(check)
        if check.tier == .lab, check.needs.contains(.scripted), !check.assertions.contains(where: \.isGuard) {
            report(.missingGuard, check, "a lab check asserts that its fault fired; no assertion is a guard")
        }
    }

    // MARK: Tags, profiles and mutants

    private mutating func lintTags(_ check: CheckDefinition) {
        let tags = Set(check.assertions.map(\.tag))
        for assertion in check.assertions where assertion.tag.isEmpty {
            report(.missingTag, check, "an assertion has no tag", line: assertion.line)
        }
        for profile in check.profiles {
            if profile.source.isEmpty {
                report(.deviationWithoutSource, check, "'\(profile.condition)' names no source")
            }
            for tag in profile.known + profile.tolerated where !tags.contains(tag) {
                report(.unknownTag, check, "'\(profile.condition)' speaks of '\(tag)', which no assertion has")
            }
        }
        for mutant in check.mutants {
            if !knownDefects.contains(mutant.defect) {
                report(.unknownDefect, check, "there is no defect '\(mutant.defect)'", line: mutant.line)
            }
            for tag in mutant.must + mutant.forbid where !tags.contains(tag) {
                report(
                    .unknownTag,
                    check,
                    "'\(mutant.defect)' speaks of '\(tag)', which no assertion has",
                    line: mutant.line
                )
            }
        }
        // A check whose every tag is known of the reference fails there without any mutant.
        let judged = check.assertions.filter { !$0.isGuard }.map(\.tag)
        let seen = seenWhenHealthy(check)
        let isSeen = !seen.isEmpty && Set(judged).isSubset(of: seen + check.profiles.flatMap(\.tolerated))
        if check.mutants.isEmpty, !isSeen {
            report(.missingMutant, check, "no mutant shows that the check can fail")
        }
        // What a profile tolerates can stay unseen, so no mutant is sure to show it.
        let killed = Set(check.mutants.flatMap(\.must) + check.profiles.flatMap(\.tolerated) + seenWhenHealthy(check))
        for assertion in check.assertions where !assertion.isGuard && !killed.contains(assertion.tag) {
            report(.unkilledTag, check, "no mutant must fail '\(assertion.tag)'", line: assertion.line)
        }
    }

    /// Tags that fail on the reference cache as it is; were one of them not to, the check would be `fixed`.
    private func seenWhenHealthy(_ check: CheckDefinition) -> [String] {
        guard let version = Self.reference.version else { return [] }
        return check.profiles.first { $0.condition.contains(product: Self.reference.product, version: version) }?.known
            ?? []
    }

    // MARK: Steps

    private mutating func lintSteps(_ check: CheckDefinition) {
        let used = Set(
            check.allExpressions.compactMap { expression in
                if case .path(let parts) = expression { parts.first } else { nil }
            }
        )
        for step in check.allSteps where step.action.needsAssertion {
            guard let save = step.save else {
                report(.unassertedStep, check, "a query is not saved, so nothing is asserted on it", line: step.line)
                continue
            }
            if !used.contains(save) {
                report(.unassertedStep, check, "nothing is asserted on '\(save)'", line: step.line)
            }
        }
    }

    // MARK: Names and paths

    private mutating func lintNames(_ check: CheckDefinition) {
        var roots: [String: Set<String>?] = ["this": Exchange.fieldNames]
        if check.isLast { roots["start"] = MetricsObservation.fieldNames }
        for step in check.allSteps { if let save = step.save { roots[save] = step.action.fieldNames } }
        var variables = Set(CheckContext.builtinNames)
        for variable in check.variables {
            for name in Template.names(in: variable.template) where !isKnown(name, variables) {
                report(.unknownName, check, "'\(variable.name)' uses '\(name)', which is not known before it")
            }
            variables.insert(variable.name)
        }
        for step in check.allSteps {
            for template in step.action.templates {
                for name in Template.names(in: template)
                where !isKnown(name, variables) && !step.action.ownNames.contains(name) {
                    report(.unknownName, check, "there is no variable '\(name)'", line: step.line)
                }
            }
        }
        for expression in check.allExpressions {
            switch expression {
            case .path(let parts): lint(path: parts, check, roots, variables)
            case .call(let name, _):
                if CheckEnvironment.signatures[name.joined(separator: ".")] == nil {
                    report(.unknownFunction, check, "there is no function '\(name.joined(separator: "."))'")
                }
            default: continue
            }
        }
    }

    private mutating func lint(
        path parts: [String],
        _ check: CheckDefinition,
        _ roots: [String: Set<String>?],
        _ variables: Set<String>
    ) {
        let name = parts.joined(separator: ".")
        guard let root = parts.first, let fields = roots[root] else {
            if !isKnown(name, variables) { report(.unknownName, check, "'\(name)' is neither a saved step nor a fact") }
            return
        }
        let path = parts.dropFirst().joined(separator: ".")
        if let fields, !path.isEmpty, !fields.contains(path) {
            report(.unknownPath, check, "'\(root)' has no '\(path)'")
        }
    }

    private func isKnown(_ name: String, _ variables: Set<String>) -> Bool {
        variables.contains(name) || CheckContext.factNames.contains(name)
    }

    private mutating func report(
        _ rule: CheckFinding.Rule,
        _ check: CheckDefinition,
        _ message: String,
        line: Int? = nil
    ) {
        findings.append(
            CheckFinding(
                rule: rule,
                check: check.id,
                file: check.file,
                line: line ?? check.line,
                message: message
            )
        )
    }
}
