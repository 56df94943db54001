import Conformance
import Foundation
import Lab
import LinuxNet
import Testing

/// Every mutant of every check, run: what must fall falls, what must not does not, and nothing else does either.
///
/// `NLDNS_RECORD_KILL_MATRIX=1` writes `kill-matrix.json` anew instead of comparing; look at the difference before it is
/// committed. `NLDNS_KILL_MATRIX=full` runs the slow checks against each defect as well, which takes long.
@Suite("Every check can fail", .serialized)
struct KillMatrixTests {
    /// What one defect must and must not do to the checks that name it.
    struct Case: Sendable {
        let defect: String
        /// Check, tags that must fail, tags that must not.
        var checks: [(id: String, must: [String], forbid: [String])]
    }

    /// What came of one defect.
    struct Finding: Sendable {
        let defect: String
        /// The failed checks with their tags.
        var failed: [String: Set<String>] = [:]
        /// What each check that names the defect did otherwise than it promises, by check; "" is the run itself.
        var complaints: [String: String] = [:]

        /// What is otherwise than promised and recorded, by what it is about.
        func deviations(from record: KillRecord?, among quick: Set<String>) -> [String: String] {
            var found: [String: String] = [:]
            for (check, complaint) in complaints { found[check] = "\(defect): \(complaint)" }
            guard let record else { return found }
            let (more, less) = record.difference(of: self, among: quick)
            for check in more { found["\(check) more"] = "\(defect) also fails \(check), which is not on record" }
            for check in less { found["\(check) less"] = "\(defect) no longer fails \(check), which is on record" }
            return found
        }
    }

    /// Runs of one defect before what they all show is believed.
    private static let tries = 3

    /// Labs that run at a time; their checks wait most of the time.
    private static let lanes = 10

    /// The mutants of all checks, by defect.
    static let cases: [Case] = {
        var cases: [String: Case] = [:]
        for check in (try? CheckCatalogue.builtin())?.checks ?? [] {
            for mutant in check.mutants {
                cases[mutant.defect, default: Case(defect: mutant.defect, checks: [])]
                    .checks.append((check.id, mutant.must, mutant.forbid))
            }
        }
        return cases.values.sorted { $0.defect < $1.defect }
    }()

    private static var environment: [String: String] { ProcessInfo.processInfo.environment }

    @Test("the check files hold to the linter's rules, and every mutant is a defect that exists")
    func lint() throws {
        let findings = CheckLinter.lint(
            try CheckCatalogue.builtin().checks,
            knownDefects: Set(CacheDefect.allCases.map(\.rawValue))
        )
        #expect(findings.isEmpty, "\(findings.map(\.description).joined(separator: "\n"))")
        #expect(Self.cases.count > 40)
    }

    @Test("every defect of the reference cache is the mutant of some check, or stands in another test")
    func everyDefectIsUsed() {
        let used = Set(Self.cases.map(\.defect))
        // The main scenario tells the first two by its loads; PreRolloutTests asks for that. A quarter more time shows in
        // a comparison alone; ComparisonCommandTests asks for that.
        let elsewhere: Set<String> = ["loses-1-percent", "slow-50ms", "slow-25-percent"]
        #expect(Set(CacheDefect.allCases.map(\.rawValue)).subtracting(used).subtracting(elsewhere) == [])
    }

    @Test(
        "a defect fails the checks that name it, with the tags that they promise, and no others than those on record",
        .enabled(if: getuid() == 0, "the lab's namespaces need root")
    )
    func kill() async throws {
        var record = try KillRecord.read()
        let known = Set(try CheckCatalogue.builtin().checks.map(\.id))
        let isRecording = Self.environment["NLDNS_RECORD_KILL_MATRIX"] != nil
        if isRecording {
            let alone = record.alone
            record = KillRecord(slow: try Self.slowChecks())
            record.alone = alone
        }
        #expect(record.checks.isSubset(of: known), "kill-matrix.json names checks that are gone: record it again")
        let slow = Self.environment["NLDNS_KILL_MATRIX"] == "full" ? [] : Set(record.slow)
        let quick = known.subtracting(slow)

        let comparedWith = isRecording ? nil : record
        var findings = await Self.judge(Self.cases, quick: quick, alone: Set(record.alone))
        // As the runner does with checks about time: what deviates is repeated, alone, and what each try shows is believed.
        var believed: [String] = []
        var killed = 0
        for (index, finding) in findings.enumerated() {
            var deviations = finding.deviations(from: comparedWith, among: quick)
            var tries = 1
            while !deviations.isEmpty, tries < Self.tries {
                print("kill matrix: try \(tries): \(deviations.values.sorted().joined(separator: "; "))")
                let more = record.alone.contains(finding.defect) ? [] : quick
                let again = try Self.run(Self.cases[index], quick: more)
                let seen = again.deviations(from: comparedWith, among: quick)
                // A run that came to nothing clears nobody.
                if seen[""] == nil { deviations = deviations.filter { seen[$0.key] != nil } }
                findings[index] = again
                tries += 1
            }
            believed += deviations.values.sorted()
            if Set(deviations.keys).isDisjoint(with: finding.complaints.keys) { killed += 1 }
        }

        let tags = Self.cases.reduce(0) { $0 + $1.checks.reduce(0) { $0 + $1.must.count } }
        print(
            "kill matrix: \(killed) of \(findings.count) defects killed as promised, \(tags) tags; "
                + "\(known.count) checks, of which \(quick.count) met every defect"
        )
        if isRecording {
            record.score = KillRecord.Score(defects: findings.count, killed: killed, checks: known.count, tags: tags)
            record.fails = Dictionary(
                uniqueKeysWithValues: findings.map { ($0.defect, Set($0.failed.keys).intersection(quick).sorted()) }
            )
            try record.write()
        }
        for deviation in believed { Issue.record("\(deviation)") }
        #expect(isRecording || record.score.killed == killed, "the score on record is \(record.score.killed)")
        #expect(killed == findings.count)
    }

    private static func judge(_ cases: [Case], quick: Set<String>, alone: Set<String>) async -> [Finding] {
        // Those that name checks which wait for a minute begin first, so that no lane waits for one at the end.
        let order = cases.indices.sorted { first, second in
            let isSlow = [first, second].map { index in cases[index].checks.contains { !quick.contains($0.id) } }
            return isSlow[0] == isSlow[1] ? first < second : isSlow[0]
        }
        return await withTaskGroup(of: (Int, Finding).self) { group in
            var findings: [Int: Finding] = [:]
            for (place, index) in order.enumerated() {
                let given = cases[index]
                if place >= lanes, let (done, finding) = await group.next() { findings[done] = finding }
                group.addTask {
                    do {
                        return (
                            index,
                            try await Threads.run(name: "kill") {
                                try run(given, quick: alone.contains(given.defect) ? [] : quick)
                            }
                        )
                    } catch {
                        return (index, Finding(defect: given.defect, complaints: ["": "\(error)"]))
                    }
                }
            }
            for await (done, finding) in group { findings[done] = finding }
            return cases.indices.map {
                findings[$0] ?? Finding(defect: cases[$0].defect, complaints: ["": "did not run"])
            }
        }
    }

    private static func run(_ given: Case, quick: Set<String>) throws -> Finding {
        let ids = quick.union(given.checks.map(\.id)).sorted()
        let outcome = try Nldns.run(
            ["check", "--lab", "--defect", given.defect, "--json", "--quiet", "--seed", "1", "--id"] + ids,
            limitSeconds: 240
        )
        var finding = Finding(defect: given.defect)
        guard outcome.status == 1 else {
            finding.complaints = ["": "exit \(outcome.status) \(outcome.messages)"]
            return finding
        }
        var records: [String: [String: Any]] = [:]
        for record in try outcome.document()["checks"] as? [[String: Any]] ?? [] {
            guard let id = record["id"] as? String else { continue }
            records[id] = record
            if record["status"] as? String == "fail" { finding.failed[id] = Set(record["tags"] as? [String] ?? []) }
        }
        for check in given.checks {
            let tags = finding.failed[check.id] ?? []
            guard tags.isSuperset(of: check.must), tags.isDisjoint(with: check.forbid), !tags.isEmpty else {
                let record = records[check.id] ?? [:]
                finding.complaints[check.id] =
                    "\(check.id) is \(record["status"] ?? "missing") \(tags.sorted()), must \(check.must), "
                    + "forbids \(check.forbid): \(record["actual"] ?? "")"
                continue
            }
        }
        return finding
    }

    /// The checks that take longer than 1.5 s on the healthy cache.
    private static func slowChecks() throws -> [String] {
        let outcome = try Nldns.run(["check", "--lab", "--json", "--quiet", "--seed", "1"], limitSeconds: 400)
        return try (outcome.document()["checks"] as? [[String: Any]] ?? []).compactMap { record in
            guard let id = record["id"] as? String, let duration = record["duration_ns"] as? Double else { return nil }
            return duration > 1.5e9 ? id : nil
        }
    }
}

/// What is committed of the kill matrix.
struct KillRecord: Codable {
    /// How many mutants there are and how many die.
    struct Score: Codable {
        var defects = 0
        var killed = 0
        var checks = 0
        var tags = 0
    }

    var score = Score()
    /// Checks that wait: only the defects that they name meet them.
    var slow: [String] = []
    /// The checks that fail, by defect, without the slow ones.
    var fails: [String: [String]] = [:]
    /// Defects under which checks hold each other up by chance: only those that name the defect meet it, and what falls
    /// is not on record.
    var alone: [String] = []
    /// Checks that may or may not fail under a defect, by defect.
    var varies: [String: [String]] = [:]

    init(slow: [String] = []) { self.slow = slow }

    private static let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("kill-matrix.json")

    static func read() throws -> KillRecord {
        guard FileManager.default.fileExists(atPath: url.path) else { return KillRecord() }
        return try JSONDecoder().decode(KillRecord.self, from: Data(contentsOf: url))
    }

    func write() throws {
        var record = self
        // What is known to vary is written by hand and kept.
        record.varies = (try? Self.read().varies) ?? [:]
        record.alone = (try? Self.read().alone) ?? []
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try (encoder.encode(record) + Data("\n".utf8)).write(to: Self.url, options: .atomic)
    }

    /// Every check that the record names.
    var checks: Set<String> { Set(slow).union(fails.values.joined()).union(varies.values.joined()) }

    /// Which checks failed beyond the record, and which of the record did not.
    func difference(of finding: KillMatrixTests.Finding, among quick: Set<String>) -> (
        more: Set<String>, less: Set<String>
    ) {
        guard !alone.contains(finding.defect) else { return ([], []) }
        let doubtful = Set(varies[finding.defect] ?? [])
        let failed = Set(finding.failed.keys).intersection(quick).subtracting(doubtful)
        let recorded = Set(fails[finding.defect] ?? []).intersection(quick).subtracting(doubtful)
        return (failed.subtracting(recorded), recorded.subtracting(failed))
    }
}
