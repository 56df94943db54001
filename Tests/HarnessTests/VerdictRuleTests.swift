import Harness
import Measure
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

    /// A comparison whose gated metrics came out like this.
    private func comparison(
        _ verdicts: [ComparisonVerdict],
        isSelf: Bool = false,
        pairs: Int = 12,
        discarded: Int = 0
    ) -> ComparisonRecord {
        var record = ComparisonRecord(
            a: "a",
            b: "b",
            comparisons: [],
            order: [],
            pairs: pairs,
            discardedPairs: discarded
        )
        let found = PairedComparison.compare([.paired(.p50, [.init(a: 1, b: 2)])])
        record.metrics = verdicts.map { verdict in
            var metric = MetricRecord(found[0])
            metric.verdict = verdict
            return metric
        }
        record.verdict = ComparisonVerdict.overall(verdicts)
        record.design = ComparisonDesign(
            transport: "udp",
            rateQPS: 500,
            segmentNanoseconds: 1,
            settleNanoseconds: 1,
            cache: "warm",
            site: "node",
            workload: "w",
            looks: [.init(pairs: 8, level: 0.01), .init(pairs: 12, level: 0.04)],
            isSelf: isSelf
        )
        return record
    }

    /// The exit status with and without `--strict`.
    private func exits(_ comparison: ComparisonRecord, status: RunStatus = .complete) -> [Int32] {
        [false, true].map { isStrict in
            var document = document {
                $0.comparison = comparison
                $0.status = status
            }
            let judged = VerdictRule.judge(document, isStrict: isStrict)
            document.verdict = judged.verdict
            document.reasons = judged.reasons
            return VerdictRule.exitStatus(document, isStrict: isStrict).rawValue
        }
    }

    @Test("every verdict of a comparison has its exit status")
    func comparisons() {
        #expect(exits(comparison([.equivalent, .improved])) == [0, 0])
        #expect(exits(comparison([.equivalent, .regressed, .incomparable])) == [1, 1])
        #expect(exits(comparison([.equivalent, .inconclusive])) == [0, 2])
        #expect(exits(comparison([.equivalent, .incomparable])) == [2, 2])
        // Two pairs in seven left out, or too few for the first look: no verdict, whoever asks.
        #expect(exits(comparison([.inconclusive], pairs: 10, discarded: 4)) == [2, 2])
        #expect(exits(comparison([.inconclusive], pairs: 7)) == [2, 2])
        #expect(exits(comparison([.inconclusive]), status: .aborted) == [2, 2])
    }

    @Test("a comparison without gated metrics is left to the gates")
    func ungated() {
        var record = comparison([.regressed])
        record.verdict = nil
        #expect(exits(record) == [0, 0])
    }

    @Test("a server that differs from itself fails, in whichever direction, and an open question is told as one")
    func selfComparison() throws {
        #expect(exits(comparison([.improved], isSelf: true)) == [1, 1])
        #expect(exits(comparison([.regressed], isSelf: true)) == [1, 1])
        #expect(exits(comparison([.equivalent], isSelf: true)) == [0, 0])
        let open = VerdictRule.judge(document { $0.comparison = comparison([.inconclusive]) }, isStrict: false)
        #expect(open.verdict == .inconclusive)
        #expect(try #require(open.reasons.first).contains("p50 cannot be told"))
    }

    @Test("an inconclusive check counts against the verdict only when strict")
    func strictness() {
        let doubtful = document { $0.checks = [check(.inconclusive)] }
        #expect(VerdictRule.judge(doubtful, isStrict: false).verdict == .pass)
        #expect(VerdictRule.judge(doubtful, isStrict: true).verdict == .inconclusive)
    }
}
