/// Turns judged assertions into a status.
struct CheckJudge {
    let check: CheckDefinition
    let environment: CheckEnvironment
    /// The profile in force; nil judges by the requirement alone.
    let profile: ProfileDeviation?

    private struct Finding {
        let assertion: CheckAssertion
        let judgement: Judgement
    }

    /// What the assertions say, without evidence and duration.
    func outcome() throws(CheckInterruption) -> CheckOutcome {
        var findings: [Finding] = []
        for assertion in check.assertions {
            findings.append(Finding(assertion: assertion, judgement: try judge(assertion)))
        }
        if let unfired = findings.first(where: { $0.assertion.isGuard && Self.weight($0.judgement) > 1 }) {
            return outcome(.inconclusive, [unfired])
        }
        let failed = findings.filter { if case .fails = $0.judgement { true } else { false } }
        let known = Set(profile?.known ?? [])
        let excused = known.union(profile?.tolerated ?? [])
        let unexcused = failed.filter { !excused.contains($0.assertion.tag) }
        if !unexcused.isEmpty { return outcome(.fail, unexcused) }
        let open = findings.filter { if case .inconclusive = $0.judgement { true } else { false } }
        if !open.isEmpty { return outcome(.inconclusive, open) }
        let unseen = findings.filter { $0.judgement == .holds && known.contains($0.assertion.tag) }
        if let profile, !unseen.isEmpty { return fixed(unseen, profile) }
        if !failed.isEmpty { return outcome(.known, failed) }
        let judged = findings.filter { $0.judgement == .holds && !$0.assertion.isGuard }
        if judged.isEmpty { return outcome(.skip, findings) }
        return outcome(.pass, judged)
    }

    /// Whether every assertion that decided a failure depends on time.
    func isTimingOnly(_ outcome: CheckOutcome) -> Bool {
        let timing = Set(check.assertions.filter(\.isTiming).map(\.tag))
        return !outcome.tags.isEmpty && outcome.tags.allSatisfy(timing.contains)
    }

    private func judge(_ assertion: CheckAssertion) throws(CheckInterruption) -> Judgement {
        do throws(EvaluationError) {
            if let condition = assertion.condition {
                switch try environment.judge(condition) {
                case .holds: break
                case .fails: return .notApplicable(environment.absence(where: condition))
                case .notApplicable(let reason), .inconclusive(let reason): return .notApplicable(reason)
                }
            }
            var best: Judgement?
            for alternative in assertion.alternatives {
                let judgement = try judge(alternative)
                if judgement == .holds { return .holds }
                if best == nil || Self.weight(judgement) > Self.weight(best) { best = judgement }
            }
            return best ?? .notApplicable("no alternative")
        } catch {
            throw .error("assertion \(assertion.tag): \(error)")
        }
    }

    /// A conjunction: the first statement that does not hold decides.
    private func judge(_ statements: [Statement]) throws(EvaluationError) -> Judgement {
        var open: Judgement?
        for statement in statements {
            let judgement = try environment.judge(statement)
            switch judgement {
            case .holds: continue
            case .fails: return judgement
            case .notApplicable, .inconclusive: open = open ?? judgement
            }
        }
        return open ?? .holds
    }

    private static func weight(_ judgement: Judgement?) -> Int {
        switch judgement {
        case .inconclusive?: 3
        case .fails?: 2
        case .notApplicable?: 1
        default: 0
        }
    }

    // MARK: Sentences

    private func outcome(_ status: CheckStatus, _ findings: [Finding]) -> CheckOutcome {
        var outcome = CheckOutcome(check, status: status)
        if status != .pass && status != .skip { outcome.tags = Self.tags(findings) }
        outcome.expected = Self.joined(findings.prefix(3).map { Self.expectation($0.assertion) })
        switch status {
        case .pass: outcome.actual = "as expected"
        case .skip: outcome.actual = findings.compactMap { Self.reason($0.judgement) }.first ?? "nothing applies here"
        default: outcome.actual = Self.joined(findings.prefix(3).compactMap { Self.reason($0.judgement) })
        }
        return outcome
    }

    private func fixed(_ findings: [Finding], _ profile: ProfileDeviation) -> CheckOutcome {
        var outcome = CheckOutcome(check, status: .fixed)
        outcome.tags = Self.tags(findings)
        outcome.expected =
            "a deviation of \(profile.condition) (\(profile.source)): not "
            + Self.joined(findings.map { Self.expectation($0.assertion) })
        outcome.actual = "the deviation is not there: the target does what the requirement asks"
        outcome.remediation =
            "Nothing is wrong with the target. Confirm its version, and take the deviation out of the check's profile."
        return outcome
    }

    private static func tags(_ findings: [Finding]) -> [String] {
        var seen: Set<String> = []
        return findings.map(\.assertion.tag).filter { seen.insert($0).inserted }
    }

    private static func expectation(_ assertion: CheckAssertion) -> String {
        if let sentence = assertion.sentence { return sentence }
        let alternatives = assertion.alternatives.map { $0.map(\.text).joined(separator: " and ") }
        return alternatives.joined(separator: ", or ")
    }

    private static func reason(_ judgement: Judgement) -> String? {
        switch judgement {
        case .holds: nil
        case .fails(let text), .notApplicable(let text), .inconclusive(let text): text
        }
    }

    private static func joined(_ sentences: [String]) -> String {
        var seen: Set<String> = []
        return sentences.filter { seen.insert($0).inserted }.joined(separator: "; ")
    }
}
