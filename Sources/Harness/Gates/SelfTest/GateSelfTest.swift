import Glibc
import LinuxNet
import Measure
package import Results
import Scenario

/// Shows that the gate closes: copies of a result, each made worse in one thing that it is judged by, are judged as files.
///
/// A gate that has never been seen to close proves nothing by staying open: elsewhere one was green for 473 runs because it
/// could match no output.
package struct GateSelfTest {
    /// What was done to a copy, and what the gate made of it.
    package struct Row: Sendable {
        /// What was done.
        package let mutant: String
        /// The exit status that shows that the gate works.
        package let expected: ExitStatus
        /// The exit status that the gate gave.
        package let actual: ExitStatus

        /// Whether the gate did as it must.
        package var isRight: Bool { expected == actual }
    }

    private let document: ResultDocument
    private let baseline: ResultDocument
    private let gates: [Gate]
    private let scratch: ScratchFolder
    private let today: String

    /// Prepares the test of a result that passes its gates, with itself as the baseline.
    ///
    /// - Throws: exit 2 for a result that does not pass, as no copy of it could show anything.
    package init(of document: ResultDocument, today: String = GateRun.currentDay) throws {
        self.document = document
        self.today = today
        baseline = document
        gates = try ScenarioGates.read(document, path: "the result")
        scratch = try ScratchFolder()
    }

    /// Judges every copy.
    package func run() throws -> [Row] {
        var rows = [try row("identical copy, itself as the baseline", .pass, try file(document))]
        guard rows[0].isRight else {
            throw Failure(.noVerdict, "the result does not pass its own gates, so a copy made worse would show nothing")
        }
        rows += try gateRows()
        rows += try comparisonRows()
        rows += try baselineRows()
        rows += try closedRows()
        rows += try waiverRows()
        return rows
    }

    // MARK: Copies made worse

    /// Each metric of each gate, changed until that gate falls.
    private func gateRows() throws -> [Row] {
        var rows: [Row] = []
        for gate in gates {
            var closing: [Row] = []
            var powerless: [Row] = []
            for metric in gate.metrics {
                let name = "gate \(gate.expression): \(metric)"
                if let mutant = mutant(of: metric, closing: gate) {
                    closing.append(try row("\(name) \(mutant.direction.rawValue)", .fail, try file(mutant.document)))
                } else {
                    powerless.append(Row(mutant: "\(name), no change", expected: .fail, actual: .pass))
                }
            }
            // One metric alone need not be able to close a gate over several, but one of them must.
            rows += closing.isEmpty ? powerless : closing
        }
        return rows
    }

    private func mutant(
        of metric: String,
        closing gate: Gate
    ) -> (document: ResultDocument, direction: GateMutation.Direction)? {
        for direction in GateMutation.Direction.allCases {
            let mutation = GateMutation(metric: metric, direction: direction)
            for strength in 0..<GateMutation.maximumStrength {
                guard let changed = mutation.apply(to: document, strength: strength) else { break }
                if gate.evaluate(GateFacts.facts(changed)).verdict == .fail { return (changed, direction) }
            }
        }
        return nil
    }

    private func comparisonRows() throws -> [Row] {
        try ComparisonGate.metrics(document).flatMap { metric in
            let name = "comparison of \(metric.rawValue)"
            var worse: ResultDocument?
            for strength in 0..<GateMutation.maximumStrength where worse == nil {
                var copy = document
                guard ComparisonMutation.worsen(&copy, metric, strength) else { break }
                if copy.comparison?.metrics.first(where: { $0.metric == metric })?.verdict == .regressed {
                    worse = copy
                }
            }
            var empty = document
            ComparisonMutation.empty(&empty, metric)
            return [
                try worse.map { try row("\(name): B made worse", .fail, try file($0)) }
                    ?? Row(mutant: "\(name): B made worse, no change", expected: .fail, actual: .pass),
                try row("\(name): no pair", .noVerdict, try file(empty)),
            ]
        }
    }

    private func baselineRows() throws -> [Row] {
        var rows: [Row] = []
        for target in TargetFigures.all(in: baseline) {
            for metric in BaselineGate.metrics where target.value(of: metric) != nil {
                let name = "\(target.target).\(metric.rawValue)"
                let direction: GateMutation.Direction = metric.isBetterWhenLower ? .up : .down
                var worse: ResultDocument?
                for strength in 0..<GateMutation.maximumStrength where worse == nil {
                    guard
                        let copy = GateMutation(metric: name, direction: direction).apply(
                            to: document,
                            strength: strength
                        )
                    else { break }
                    let outcomes = BaselineGate.outcomes(copy, against: baseline)
                    let id = BaselineGate.id(target.target, metric)
                    if outcomes.contains(where: { $0.id == id && $0.verdict == .fail }) { worse = copy }
                }
                let title = "baseline: \(name) made worse"
                rows.append(
                    try worse.map { try row(title, .fail, try file(Self.withoutGates($0)), baseline: baseline) }
                        ?? Row(mutant: "\(title), no change", expected: .fail, actual: .pass)
                )
            }
        }
        var elsewhere = baseline
        elsewhere.environment.fingerprint = SHA256.hexadecimal(of: Array("another machine".utf8))
        elsewhere.environment.cpus += 1
        rows.append(
            try row("baseline of another class of machines", .noVerdict, try file(document), baseline: elsewhere)
        )
        var other = baseline
        other.scenario?.sha256 = SHA256.hexadecimal(of: Array("another scenario".utf8))
        rows.append(try row("baseline of another scenario", .noVerdict, try file(document), baseline: other))
        var run = GateRun(result: try file(document))
        run.baseline = scratch.path + "/nowhere.json"
        rows.append(Row(mutant: "baseline that is not there", expected: .noVerdict, actual: run.status()))
        run.baseline = try scratch.write([], named: "empty-baseline.json")
        rows.append(Row(mutant: "baseline that is empty", expected: .noVerdict, actual: run.status()))
        return rows
    }

    /// The copy without gates of its own, so that the baseline alone can close.
    private static func withoutGates(_ document: ResultDocument) -> ResultDocument {
        var copy = document
        if case .object(var scenario)? = copy.scenario?.resolved {
            scenario["gates"] = .array([])
            copy.scenario?.resolved = .object(scenario)
        }
        return copy
    }

    // MARK: Nothing to believe

    private func closedRows() throws -> [Row] {
        let json = try document.json()
        let text = String(decoding: json, as: UTF8.self)
        var texts: [(String, [UInt8])] = [("empty file", []), ("null", Array("null".utf8)), ("{}", Array("{}".utf8))]
        texts += [1, 50, 99].map { ("cut to \($0) %", Array(json.prefix(json.count * $0 / 100))) }
        texts.append(("cut by its last brace", Array(json.prefix(json.count - 2))))
        texts.append(("octets that are no text", [UInt8](repeating: 0xFF, count: 4_096)))
        texts += [
            ("another major version", "\"nldns.result/1\"", "\"nldns.result/2\""),
            ("a seed that is not a number", "\"seed\" : ", "\"seed\" : NaN, \"was\" : "),
            ("a key that stands twice", "\"status\" :", "\"status\" : \"complete\",\n  \"status\" :"),
        ].map { ($0, Array(text.replacing($1, with: $2).utf8)) }
        var rows = try texts.map { name, octets in
            try row(name, .noVerdict, try scratch.write(octets, named: "mutant.json"))
        }
        for (name, copy) in unbelievable { rows.append(try row(name, .noVerdict, try file(copy))) }
        return rows
    }

    /// Copies that can be read and hold no verdict.
    private var unbelievable: [(String, ResultDocument)] {
        func copy(_ change: (inout ResultDocument) -> Void) -> ResultDocument {
            var copy = document
            change(&copy)
            return copy
        }
        var copies = [
            (
                "nothing measured",
                copy {
                    $0.load = nil
                    $0.checks = nil
                    $0.capture = nil
                    $0.comparison = nil
                    $0.findMax = nil
                    $0.gate = nil
                }
            ),
            (
                "run that did not end",
                copy {
                    $0.status = .aborted
                    $0.verdict = .inconclusive
                }
            ),
            (
                "run that measured its generator",
                copy {
                    $0.status = .invalid
                    $0.verdict = .inconclusive
                }
            ),
        ]
        if document.load?.isEmpty == false {
            copies += [
                ("histogram that is damaged", copy { $0.load?[0].latency.response.hdr = "HISTFAAA" }),
                ("p99 that its histogram does not have", copy { $0.load?[0].latency.response.p99 /= 2 }),
                ("loss that its counters do not have", copy { $0.load?[0].counters.timedOut += 1 }),
            ]
        }
        return copies
    }

    // MARK: Waivers

    /// A waiver opens the gate until its day, and not after it.
    private func waiverRows() throws -> [Row] {
        for gate in gates {
            for metric in gate.metrics {
                guard let mutant = mutant(of: metric, closing: gate) else { continue }
                let failing = try GateJudge(gates: gates, today: today).judge(mutant.document).gate?.failed ?? []
                guard failing == [gate.expression] else { continue }
                return try [
                    ("that has expired", gate.expression, "2000-01-01", .fail),
                    ("of today", gate.expression, today, .pass),
                    ("of nothing known", "no.such.gate", today, .badScenario),
                ].map { name, id, day, expected in
                    var run = GateRun(result: try file(mutant.document))
                    run.today = today
                    let text = """
                        version: 1
                        waivers:
                          - { id: "\(id)", reason: self-test, owner: nobody, expires: \(day) }

                        """
                    run.waivers = try scratch.write(Array(text.utf8), named: "waivers.yaml")
                    return Row(
                        mutant: "\(metric) made worse, a waiver \(name)",
                        expected: expected,
                        actual: run.status()
                    )
                }
            }
        }
        return []
    }

    // MARK: Files

    private func file(_ document: ResultDocument) throws -> String {
        // What the copy says of itself is what its parts say: the gate shall find the change, not a contradiction.
        var copy = document
        copy.gate = nil
        (copy.verdict, copy.reasons) = VerdictRule.judge(copy, isStrict: false)
        return try scratch.write(try copy.json(), named: "mutant.json")
    }

    private func row(
        _ name: String,
        _ expected: ExitStatus,
        _ path: String,
        baseline: ResultDocument? = nil
    ) throws -> Row {
        var run = GateRun(result: path)
        run.today = today
        if let baseline = baseline ?? (expected == .pass ? self.baseline : nil) {
            var copy = baseline
            copy.gate = nil
            (copy.verdict, copy.reasons) = VerdictRule.judge(copy, isStrict: false)
            run.baseline = try scratch.write(try copy.json(), named: "baseline.json")
        }
        return Row(mutant: name, expected: expected, actual: run.status())
    }
}

/// A folder below `TMPDIR` that goes with its last user.
private final class ScratchFolder {
    let path: String
    private var names: Set<String> = []

    init() throws {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/nldns-gate-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else {
            throw Failure(
                .cannotCreate,
                "\(parent) takes no folder for the self-test: \(String(cString: strerror(errno)))"
            )
        }
        path = String(cString: made)
    }

    deinit {
        for name in names { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    func write(_ octets: [UInt8], named name: String) throws -> String {
        names.insert(name)
        let file = "\(path)/\(name)"
        try DurableFile.write(octets, to: file)
        return file
    }
}
