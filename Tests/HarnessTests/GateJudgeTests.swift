import Measure
import NodeLocal
import Results
import Scenario
import Testing

@testable import Harness

@Suite("The gate over a stored result")
struct GateJudgeTests {
    private static let sample = GateSample.document()
    private static let today = "2026-11-27"

    private func judge(_ document: ResultDocument = Self.sample) throws -> GateJudge {
        GateJudge(gates: try ScenarioGates.read(document, path: "r.json"), today: Self.today)
    }

    private func copy(_ change: (inout ResultDocument) -> Void) -> ResultDocument {
        var copy = Self.sample
        change(&copy)
        return copy
    }

    private func waivers(_ lines: String...) throws -> [Waiver] {
        try WaiverFile.parse("version: 1\nwaivers:\n" + lines.map { "  - { \($0) }\n" }.joined(), file: "w.yaml")
    }

    @Test("the sample passes each of its gates, agrees with itself, and so does what the gate says of it")
    func pass() throws {
        let judged = try judge().judge(Self.sample)
        #expect(judged.gate?.verdict == .pass && judged.gate?.failed == [] && judged.verdict == .pass)
        #expect(judged.gate?.outcomes?.count == GateSample.gates.count + 4)
        #expect(ResultVerification.findings(in: judged) == [])
        #expect(ResultVerification.gateFindings(in: judged) == [])
        #expect(GateRun.status(judged) == .pass && GateRun.status(Self.sample) == .noVerdict)
    }

    @Test("a figure of an outcome that its metrics do not give is named by verification")
    func gateVerification() throws {
        var judged = try judge().judge(Self.sample)
        let place = try #require(judged.gate?.outcomes?.firstIndex { $0.id == "cache.p50 <= 2ms" })
        judged.gate?.outcomes?[place].actual = "cache.p50 = 1us"
        #expect(
            ResultVerification.gateFindings(in: judged).map(\.place) == ["gate.outcomes[\(place)] cache.p50 <= 2ms"]
        )
        judged = try judge().judge(Self.sample)
        judged.gate?.outcomes?[place].verdict = .fail
        #expect(
            ResultVerification.gateFindings(in: judged).first?.problem.hasPrefix("is fail, the metrics say pass")
                == true
        )
        judged.gate?.outcomes?[place].expression = "cache.p5 <= 2ms"
        #expect(ResultVerification.gateFindings(in: judged).first?.problem.contains("no metric 'cache.p5'") == true)
    }

    @Test("gates with an unknown metric are refused with a suggestion: 65 in the result, 64 on the command line")
    func unknownMetric() throws {
        let bad = copy {
            $0.scenario?.resolved = .object(["gates": .array([.object(["expression": .string("cache.p9 < 1ms")])])])
        }
        let inFile = #expect(throws: Failure.self) { try ScenarioGates.read(bad, path: "r.json") }
        #expect(inFile?.status == .badInput && inFile?.message.contains("did you mean 'cache.p90'?") == true)
        let onLine = #expect(throws: Failure.self) {
            try ScenarioGates.read(Self.sample, path: "r.json", adding: ["cahce.p99 < 1ms"])
        }
        #expect(onLine?.status == .usage && onLine?.message.contains("did you mean 'cache.p99'?") == true)
        let constant = #expect(throws: Failure.self) {
            try ScenarioGates.read(Self.sample, path: "r.json", adding: ["1 < 2"])
        }
        #expect(constant?.message.contains("reads no metric") == true)
    }

    @Test("a failed check closes the gate although no gate asks for it, a metric that is missing leaves no verdict")
    func runItself() throws {
        let failed = copy {
            $0.checks?[1].status = .fail
            $0.checks?[1].remediation = "Repair it."
        }
        var judge = GateJudge(gates: [], today: Self.today)
        #expect(try judge.judge(failed).gate?.failed == ["check.HDR-02"])
        judge.gates = try ScenarioGates.read(Self.sample, path: "r.json")
        let unmeasured = try judge.judge(copy { $0.load = nil })
        #expect(unmeasured.gate?.verdict == .inconclusive && GateRun.status(unmeasured) == .noVerdict)
    }

    @Test("an empty result, and one that is only load, hold no verdict")
    func nothing() throws {
        for document in [
            copy {
                $0.checks = nil
                $0.capture = nil
                $0.comparison = nil
            },
            copy {
                $0.load = nil
                $0.checks = nil
                $0.capture = nil
                $0.comparison = nil
            },
        ] {
            let judged = try GateJudge(gates: [], today: Self.today).judge(document)
            #expect(judged.gate?.verdict == .inconclusive)
            #expect(judged.gate?.outcomes?.map(\.id) == ["run.content"])
        }
    }

    // MARK: Comparison

    private func verdict(_ verdict: ComparisonVerdict, of metric: ComparisonMetric) -> ResultDocument {
        copy { document in
            guard let place = document.comparison?.metrics.firstIndex(where: { $0.metric == metric }) else { return }
            document.comparison?.metrics[place].verdict = verdict
        }
    }

    @Test(
        "what regressed closes the gate, what cannot be compared leaves no verdict, what cannot be told does so when strict",
        arguments: [
            (ComparisonVerdict.regressed, GateRecord.Verdict.fail, GateRecord.Verdict.fail),
            (.improved, .pass, .pass), (.equivalent, .pass, .pass), (.inconclusive, .pass, .inconclusive),
            (.incomparable, .incomparable, .incomparable),
        ]
    )
    func comparison(found: ComparisonVerdict, tolerant: GateRecord.Verdict, strict: GateRecord.Verdict) throws {
        var judge = try judge()
        let document = verdict(found, of: .p99)
        let judged = try judge.judge(document)
        #expect(judged.gate?.verdict == tolerant)
        #expect((judged.gate?.advice ?? []).map(\.id) == (found == .inconclusive ? ["comparison.p99"] : []))
        judge.isStrict = true
        #expect(try judge.judge(document).gate?.verdict == strict)
    }

    @Test(
        "a comparison of which too many pairs were left out is not tolerated as noise, and one of a server with itself closes at any difference"
    )
    func spoilt() throws {
        var document = verdict(.inconclusive, of: .p99)
        document.comparison?.discardedPairs = 9
        #expect(try judge().judge(document).gate?.verdict == .inconclusive)
        document = verdict(.improved, of: .p50)
        document.comparison?.design = ComparisonDesign(
            transport: "udp",
            rateQPS: 200,
            segmentNanoseconds: 1,
            settleNanoseconds: 1,
            cache: "warm",
            site: "node",
            workload: "w",
            looks: [],
            isSelf: true
        )
        #expect(try judge().judge(document).gate?.failed.contains("comparison.p50") == true)
    }

    @Test("metrics that the comparison does not rest on are no gate")
    func ungated() throws {
        var document = verdict(.regressed, of: .p99)
        for place in document.comparison?.metrics.indices ?? 0..<0 {
            document.comparison?.metrics[place].isGated = false
        }
        document.comparison?.verdict = nil
        #expect(try judge().judge(document).gate?.verdict == .pass)
    }

    // MARK: Baseline

    private func against(_ baseline: ResultDocument, _ document: ResultDocument = Self.sample) throws -> GateRecord? {
        var judge = GateJudge(gates: [], today: Self.today)
        judge.baseline = baseline
        return try judge.judge(document).gate
    }

    @Test("the same figures hold against the baseline, and each that is worse by more than the margin falls by name")
    func baseline() throws {
        #expect(try against(Self.sample)?.verdict == .pass)
        for metric in ["p50", "p99", "loss", "achieved_qps"] {
            let mutation = GateMutation(metric: "cache.\(metric)", direction: metric == "achieved_qps" ? .down : .up)
            let worse = try #require(mutation.apply(to: Self.sample, strength: metric == "loss" ? 3 : 0))
            let gate = try #require(try against(Self.sample, worse))
            #expect(gate.failed.contains("baseline.cache.\(metric)"), "\(metric): \(gate.failed)")
            let better = try #require(try against(worse, Self.sample))
            #expect(!better.failed.contains("baseline.cache.\(metric)"), "\(metric)")
        }
    }

    @Test(
        "a change that two runs of one thing show anyway is none: below twice a paired margin, and below the history's noise"
    )
    func margins() throws {
        let slower = copy { document in
            guard var load = document.load?[1] else { return }
            LoadMutation.scale(&load, by: 1.15)
            document.load?[1] = load
        }
        #expect(try against(Self.sample, slower)?.verdict == .pass)
        let much = copy { document in
            guard var load = document.load?[1] else { return }
            LoadMutation.scale(&load, by: 2)
            document.load?[1] = load
        }
        #expect(try against(Self.sample, much)?.failed.contains("baseline.cache.p50") == true)
        var judge = GateJudge(gates: [], today: Self.today)
        judge.baseline = Self.sample
        judge.history = try [1.0, 0.4, 2.8, 1.2, 0.9, 2.6].map { try Self.entry(factor: $0) }
        let noisy = try judge.judge(much).gate
        #expect(noisy?.failed.contains("baseline.cache.p50") == false)
    }

    @Test("another class of machines, another scenario, and a target that was not measured are incomparable")
    func incomparable() throws {
        let machine = copy {
            $0.environment.fingerprint = SHA256.hexadecimal(of: [7])
            $0.environment.kernel = "5.4.0"
        }
        let gate = try #require(try against(machine))
        #expect(gate.verdict == .incomparable && gate.outcomes?.last?.actual.contains("kernel") == true)
        #expect(gate.baseline?.environmentClass == machine.environment.className)
        let scenario = copy { $0.scenario?.sha256 = SHA256.hexadecimal(of: [8]) }
        #expect(try against(scenario)?.verdict == .incomparable)
        let unmeasured = copy { $0.load?.removeLast() }
        #expect(try against(Self.sample, unmeasured)?.verdict == .incomparable)
    }

    // MARK: History

    private static func entry(factor: Double) throws -> HistoryEntry {
        var entry = try #require(HistoryEntry(sample))
        for name in entry.figures.keys where name != "cache.loss" && name != "cluster.loss" {
            entry.figures[name]? *= factor
        }
        return entry
    }

    @Test("a figure far from those before it is advice and closes nothing; a short history says nothing")
    func history() throws {
        var judge = try judge()
        judge.history = try (0..<12).map { try Self.entry(factor: 0.30 + 0.005 * Double($0)) }
        let judged = try judge.judge(Self.sample)
        #expect(judged.gate?.verdict == .pass && GateRun.status(judged) == .pass)
        let ids = (judged.gate?.advice ?? []).map(\.id)
        #expect(ids.contains("history.cache.p99") && ids.contains("history.cluster.p50"))
        // Fewer answers a second than now is no reason to speak.
        #expect(!ids.contains("history.cache.achieved_qps"))
        judge.history = Array(judge.history.prefix(HistoryAdvice.minimumRuns - 1))
        #expect(try judge.judge(Self.sample).gate?.advice == nil)
        judge.history = try (0..<12).map { try Self.entry(factor: 0.98 + 0.005 * Double($0)) }
        #expect(try judge.judge(Self.sample).gate?.advice == nil)
    }

    // MARK: Waivers

    @Test("a waiver accepts the failure that it names, by expression or by metric, and is told with its owner")
    func waived() throws {
        let slow = try #require(GateMutation(metric: "cache.p50", direction: .up).apply(to: Self.sample, strength: 5))
        for id in ["cache.p50 <= 2ms", "cache.p50"] {
            var judge = try judge()
            judge.gates = judge.gates.filter { $0.metrics == ["cache.p50"] }
            #expect(try judge.judge(slow).gate?.verdict == .fail)
            judge.waivers = try waivers("id: \(id), reason: kernel, owner: dns, expires: 2026-11-27")
            let judged = try judge.judge(slow)
            #expect(judged.gate?.verdict == .pass && judged.verdict == .pass)
            #expect(
                judged.gate?.waived == [GateRecord.Waiver(id: id, reason: "kernel", expires: "2026-11-27", by: "dns")]
            )
            #expect(ResultVerification.findings(in: judged) == [])
            #expect(ResultVerification.gateFindings(in: judged) == [])
        }
    }

    @Test("a waiver that has expired is none and is told; one that was not needed is told; an unknown id is refused")
    func expired() throws {
        let slow = try #require(GateMutation(metric: "cache.p50", direction: .up).apply(to: Self.sample, strength: 5))
        var judge = try judge()
        judge.waivers = try waivers(
            "id: cache.p50, reason: r, owner: dns, expires: 2026-11-26",
            "id: cache.loss, reason: r, owner: me, expires: 2027-01-01"
        )
        let judged = try judge.judge(slow)
        #expect(judged.gate?.verdict == .fail && judged.gate?.waived == [])
        let notes = judged.gate?.notes ?? []
        #expect(notes.contains { $0.contains("cache.p50 expired on 2026-11-26") && $0.contains("dns") })
        #expect(notes.contains { $0.contains("cache.loss was not needed") })
        judge.waivers = try waivers("id: cache.p51, reason: r, owner: me, expires: 2000-01-01")
        let error = #expect(throws: YAMLDiagnostic.self) { try judge.judge(slow) }
        #expect(error?.message.contains("did you mean 'cache.p5") == true)
    }

    @Test("a waived check is to the gates over checks what a known deviation is; nothing but a failure can be waived")
    func waivedCheck() throws {
        let failed = copy {
            $0.checks?[1].status = .fail
            $0.checks?[1].remediation = "Repair it."
        }
        var judge = try judge()
        #expect(try judge.judge(failed).gate?.failed == ["check.HDR-02", "checks.fail == 0"])
        judge.waivers = try waivers("id: check.HDR-02, reason: r, owner: me, expires: 2027-01-01")
        let judged = try judge.judge(failed)
        #expect(judged.gate?.verdict == .pass && judged.verdict == .pass)
        #expect(ResultVerification.findings(in: judged) == [])
        #expect(ResultVerification.gateFindings(in: judged) == [])
        judge.waivers = try waivers("id: cache.p50, reason: r, owner: me, expires: 2027-01-01")
        #expect(try judge.judge(copy { $0.load = nil }).gate?.verdict == .inconclusive)
    }
}
