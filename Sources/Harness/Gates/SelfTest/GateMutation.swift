import Measure
import Results
import Scenario

/// A change of one metric of a document that leaves all its other figures in agreement.
struct GateMutation: Sendable {
    /// Whether the metric grows, shrinks, or takes another word.
    enum Direction: String, Sendable, CaseIterable {
        case up, down
    }

    /// How often a change may be made stronger before it counts as one that closes nothing.
    static let maximumStrength = 24

    /// The metric, as gate expressions name it.
    let metric: String
    /// Which way it goes.
    let direction: Direction

    /// Makes the change; nil when the document has nothing to change in this way.
    func apply(to document: ResultDocument, strength: Int) -> ResultDocument? {
        var changed = document
        let parts = metric.split(separator: ".").map(String.init)
        guard parts.count >= 2 else { return nil }
        let name = parts.dropFirst().joined(separator: ".")
        let isDone =
            switch parts[0] {
            case "checks": Self.changeChecks(&changed, name, direction, strength)
            case "doctor": Self.changeDoctor(&changed, name, direction, strength)
            case "check": Self.setCheck(&changed, name, strength)
            case "proof": Self.setProof(&changed, name, strength)
            case "capture": Self.changeCapture(&changed, name, direction, strength)
            case "upstream": Self.changeLedger(&changed, "upstream_\(name)", direction, strength)
            case "ledger": Self.changeLedger(&changed, name, direction, strength)
            case "comparison" where parts.count == 3:
                ComparisonMutation.worsen(&changed, ComparisonMetric(rawValue: parts[1]), strength)
            default: LoadMutation.change(&changed, target: parts[0], name, direction, strength)
            }
        return isDone ? changed : nil
    }

    /// 2 to the strength: how much a count or factor changes.
    static func step(_ strength: Int) -> UInt64 { 1 << UInt64(min(max(strength, 0), 40)) }

    // MARK: Checks

    private static func changeChecks(
        _ document: inout ResultDocument,
        _ name: String,
        _ direction: Direction,
        _ strength: Int
    ) -> Bool {
        guard var checks = document.checks else { return false }
        let isDoctor = { (check: CheckRecord) in check.section == DoctorStage.section }
        if name == "total" {
            guard direction == .down else { return false }
            let own = checks.indices.filter { !isDoctor(checks[$0]) }.suffix(Int(step(strength)))
            document.checks = checks.indices.filter { !own.contains($0) }.map { checks[$0] }
            return !own.isEmpty
        }
        guard let status = CheckRecord.Status(rawValue: name) else { return false }
        let isDone = turn(&checks, status, direction, strength) { !isDoctor($0) }
        document.checks = checks
        return isDone
    }

    private static func changeDoctor(
        _ document: inout ResultDocument,
        _ name: String,
        _ direction: Direction,
        _ strength: Int
    ) -> Bool {
        guard var checks = document.checks,
            let status = CheckRecord.Status(rawValue: name == "warn" ? "inconclusive" : name)
        else { return false }
        let isDone = turn(&checks, status, direction, strength) { $0.section == DoctorStage.section }
        document.checks = checks
        return isDone
    }

    /// Turns some checks to a status, or away from it.
    private static func turn(
        _ checks: inout [CheckRecord],
        _ status: CheckRecord.Status,
        _ direction: Direction,
        _ strength: Int,
        where isMeant: (CheckRecord) -> Bool
    ) -> Bool {
        let away: CheckRecord.Status = status == .inconclusive ? .skip : .inconclusive
        let places = checks.indices.filter {
            isMeant(checks[$0]) && (direction == .up) == (checks[$0].status != status)
        }.prefix(Int(step(strength)))
        for place in places { set(&checks[place], direction == .up ? status : away) }
        return !places.isEmpty
    }

    private static func set(_ check: inout CheckRecord, _ status: CheckRecord.Status) {
        check.status = status
        check.actual = "changed by the gate's self-test"
        if check.remediation.isEmpty { check.remediation = "None: the gate's self-test made this up." }
    }

    private static func setCheck(_ document: inout ResultDocument, _ id: String, _ strength: Int) -> Bool {
        let words: [CheckRecord.Status] = [.fail, .pass, .known, .fixed, .skip]
        guard strength < words.count, let place = document.checks?.firstIndex(where: { $0.id == id }) else {
            return false
        }
        document.checks.map { checks in
            var checks = checks
            set(&checks[place], words[strength])
            document.checks = checks
        }
        return true
    }

    // MARK: Capture

    private static func setProof(_ document: inout ResultDocument, _ id: String, _ strength: Int) -> Bool {
        let words: [ProofRecord.Verdict] = [.violated, .proven]
        guard strength < words.count, let place = document.capture?.proofs.firstIndex(where: { $0.id == id }) else {
            return false
        }
        document.capture?.proofs[place] = ProofRecord(
            id: id,
            verdict: words[strength],
            reason: "changed by the gate's self-test",
            evidence: [EvidenceRecord(text: "made up by the gate's self-test")]
        )
        return true
    }

    private static func changeCapture(
        _ document: inout ResultDocument,
        _ name: String,
        _ direction: Direction,
        _ strength: Int
    ) -> Bool {
        let paths: [String: WritableKeyPath<CaptureRecord, UInt64>] = [
            "packets": \.packets, "messages": \.queries, "drops": \.drops, "unanswered": \.unanswered,
            "unsolicited": \.unsolicited, "duplicates": \.duplicates,
        ]
        guard var capture = document.capture, let path = paths[name] else { return false }
        let old = capture[keyPath: path]
        capture[keyPath: path] = moved(old, direction, strength)
        capture.messages = capture.queries + capture.responses
        // What a capture with holes proves is nothing.
        if capture.drops > 0 {
            for place in capture.proofs.indices where capture.proofs[place].verdict == .proven {
                capture.proofs[place].verdict = .inconclusive
            }
        }
        document.capture = capture
        return capture[keyPath: path] != old
    }

    private static func changeLedger(
        _ document: inout ResultDocument,
        _ name: String,
        _ direction: Direction,
        _ strength: Int
    ) -> Bool {
        let key = name == "hit_ratio" ? "hits" : name
        guard let old = document.capture?.ledger?[key] else { return false }
        let new = moved(old, direction, strength)
        document.capture?.ledger?[key] = new
        return new != old
    }

    private static func moved(_ old: UInt64, _ direction: Direction, _ strength: Int) -> UInt64 {
        direction == .down ? old / (2 * step(strength)) : min(old, 1 << 50) + step(strength)
    }
}
