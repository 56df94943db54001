import Harness
import Results
import Testing

@Suite("The verdict of a run")
struct VerdictRuleTests {
    private func document(_ change: (inout ResultDocument) -> Void) -> ResultDocument {
        var document = ResultDocument(
            status: .complete,
            verdict: .inconclusive,
            started: Timestamp(realtimeNanoseconds: 0),
            ended: Timestamp(realtimeNanoseconds: 1),
            seed: 1,
            tool: BuildInfo.tool,
            environment: EnvironmentProbe().record(),
            targets: []
        )
        change(&document)
        return document
    }

    private func check(_ status: CheckRecord.Status) -> CheckRecord {
        CheckRecord(
            id: "HDR-01",
            section: "HDR",
            title: "t",
            severity: "error",
            status: status,
            requirement: "r",
            source: "s",
            expected: "e",
            actual: "a",
            remediation: "m",
            durationNanoseconds: 1
        )
    }

    @Test("nothing fell and nothing is in doubt: pass, exit 0")
    func pass() {
        let judged = VerdictRule.judge(document { $0.checks = [check(.pass), check(.known)] }, isStrict: true)
        #expect(judged.verdict == .pass && judged.reasons.isEmpty)
    }

    @Test("a failed check, a violated proof or a fallen gate makes it fail, whatever else is in doubt")
    func fail() {
        let failed = document {
            $0.checks = [check(.fail), check(.error)]
            $0.status = .aborted
        }
        #expect(VerdictRule.judge(failed, isStrict: false).verdict == .fail)
        let outcome = GateRecord.Outcome(expression: "a <= b", verdict: .fail, actual: "a = 2", limit: "b")
        let fallen = VerdictRule.judge(document { $0.gate = GateRecord(outcomes: [outcome]) }, isStrict: false)
        #expect(fallen.verdict == .fail)
        #expect(fallen.reasons.first?.contains("a <= b") == true)
    }

    @Test("a gate that cannot tell, an unfinished run or an invalid one is inconclusive, never a pass")
    func inconclusive() {
        let outcome = GateRecord.Outcome(expression: "a <= b", verdict: .inconclusive, actual: "", limit: "b")
        for doubtful in [
            document { $0.gate = GateRecord(outcomes: [outcome]) }, document { $0.status = .aborted },
            document { $0.status = .invalid }, document { $0.checks = [check(.error)] },
        ] {
            #expect(VerdictRule.judge(doubtful, isStrict: false).verdict == .inconclusive)
        }
    }

    @Test("an inconclusive check counts against the verdict only when strict")
    func strictness() {
        let doubtful = document { $0.checks = [check(.inconclusive)] }
        #expect(VerdictRule.judge(doubtful, isStrict: false).verdict == .pass)
        #expect(VerdictRule.judge(doubtful, isStrict: true).verdict == .inconclusive)
    }
}
