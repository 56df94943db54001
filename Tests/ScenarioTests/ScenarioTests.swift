import DNSWire
import Measure
import NodeLocal
import Testing

@testable import Scenario

private let sound = """
    version: 1
    id: trial
    title: A trial
    targets:
      cache: { address: 169.254.20.10, role: cache }
      cluster: { address: "10.96.0.10:53", role: cluster }
    steps:
      - doctor
      - check: { sections: [HDR], ids: [NAM-01], tiers: [0, 1], strict: true }
      - prove:
      - load: { target: cache, outstanding: 64, duration: 3s, transport: tcp }
      - compare: { pairs: 6, segment: 1s, rate: 200/s }
      - wait: 250ms
    gates:
      - cache.p99 <= cluster.p99 * 1.2
      - { expression: checks.fail == 0, reason: none may fail }
    """

private func plan(_ text: String) throws(ScenarioError) -> Plan { try Scenario.parse(Array(text.utf8), file: "s.yaml") }

private func faults(_ text: String) -> [String] {
    do {
        _ = try plan(text)
        return []
    } catch {
        return error.diagnostics.map(\.description)
    }
}

@Suite("Scenario") struct ScenarioTests {
    @Test("a sound scenario becomes a plan with its defaults")
    func soundPlan() throws {
        let plan = try plan(sound)
        #expect(plan.steps.map(\.kind) == [.doctor, .check, .prove, .load, .compare, .wait])
        #expect(plan.target("cache")?.endpoint.description == "169.254.20.10:53")
        #expect(plan.target(role: .cluster)?.name == "cluster")
        #expect(plan.expectations == ExpectationSource(corefile: .live, profile: nil))
        guard case .compare(let compare) = plan.steps[4], case .prove(let prove) = plan.steps[2],
            case .load(let load) = plan.steps[3], case .check(let check) = plan.steps[1]
        else {
            Issue.record("the steps are others")
            return
        }
        #expect(compare.a == "cluster" && compare.b == "cache" && compare.pairs == 6 && compare.ratePerSecond == 200)
        #expect(compare.nominalNanoseconds == 46_000_000_000)
        #expect(prove.proofs == ProofID.allCases && prove.target == "cache")
        #expect(load.shape.pace == .outstanding(64) && load.path.transport == .tcp && load.phase == "load")
        #expect(check.isStrict && check.tiers == [0, 1] && check.sections == ["HDR"] && check.ids == ["NAM-01"])
        #expect(plan.gates.map(\.reason) == [nil, "none may fail"])
        #expect(plan.text == Array(sound.utf8))
    }

    private func compareStep(_ settings: String) throws -> CompareStep {
        let plan = try plan(sound.replacing("pairs: 6, segment: 1s, rate: 200/s", with: settings))
        guard case .compare(let step) = plan.steps[4] else { throw ScenarioError.invalid([]) }
        return step
    }

    @Test("a comparison has a fixed number of pairs, mixed caches and no gated metric where nothing is said")
    func compareDefaults() throws {
        let step = try compareStep("pairs: 9")
        #expect(step.maximumPairs == 9 && step.cacheState == .mixed && step.rules == ComparisonRules())
        #expect(step.neighbourShare == 0.1)
        #expect(step.rules.margin(of: .p50) == ComparisonMargin(relative: 0.1, absoluteFloor: 25_000))
        #expect(step.rules.margin(of: .loss) == ComparisonMargin(relative: 0, absoluteFloor: 0.001))
    }

    @Test("a comparison says its most pairs, the state of the caches, what is gated, margins and noise floors")
    func compareRules() throws {
        let step = try compareStep(
            "max-pairs: 20, cache: warm, neighbours: 25%, gate: [p50, loss], margins: { p50: 20%/1ms, p99: 5%, loss: 0.5% }, noise-floors: { p99: 7.5% }"
        )
        #expect(step.pairs == 12 && step.maximumPairs == 20 && step.cacheState == .warm)
        #expect(step.rules.gated == [.p50, .loss] && step.neighbourShare == 0.25)
        #expect(step.rules.margin(of: .p50) == ComparisonMargin(relative: 0.2, absoluteFloor: 1_000_000))
        #expect(step.rules.margin(of: .p99) == ComparisonMargin(relative: 0.075, absoluteFloor: 100_000))
        #expect(step.rules.margin(of: .loss) == ComparisonMargin(relative: 0, absoluteFloor: 0.005))
        #expect(step.settledQueries == 1_000 && step.segmentQueries == 5_000)
    }

    @Test(
        "a comparison that cannot be measured as it is asked for is refused",
        arguments: [
            ("pairs: 12, max-pairs: 8", "'max-pairs' is below"),
            ("cache: warm, settle: 0s", "'warm' asks each question"),
            ("gate: [p99], segment: 1s", "p99 of a segment takes 1000 answers"), ("gate: [p50, p50]", "given twice"),
            ("margins: { p50: 10 }", "no margin of p50"), ("margins: { loss: 1%/1ms }", "no margin of loss"),
            ("margins: { p05: 10% }", "did you mean 'p50'"), ("noise-floors: { loss: 1% }", "no noise floor"),
            ("cache: hot", "warm"), ("neighbours: 101%", "share of the processors"), ("neighbours: 1", "no share"),
        ]
    )
    func compareFaults(settings: String, words: String) {
        let found = faults(sound.replacing("pairs: 6, segment: 1s, rate: 200/s", with: settings))
        #expect(found.count == 1 && found[0].contains(words), "\(found)")
    }

    @Test("a load step may look names up, with a pod's settings where none are given")
    func lookups() throws {
        func step(_ lookup: String) throws -> LoadStep {
            let text = sound.replacing("duration: 3s, transport: tcp", with: "duration: 3s, lookup: { \(lookup) }")
            guard case .load(let load) = try plan(text).steps[3] else { throw CancellationError() }
            return load
        }
        let pod = try #require(try step("resolver: glibc").lookup).settings(file: nil)
        #expect(pod.conf.ndots == 5)
        #expect(pod.conf.search.count == 3)
        #expect(pod.servers.isEmpty)
        let given = try #require(
            try step(
                "resolver: go, nameservers: ['192.0.2.1:5353', 192.0.2.2], search: [a.b], ndots: 2, "
                    + "options: 'timeout:3 rotate'"
            ).lookup
        )
        #expect(given.resolver == .go)
        let (conf, servers) = given.settings(file: try ResolvConf(parsing: Array("options attempts:4\n".utf8)))
        #expect((conf.ndots, conf.timeout, conf.attempts) == (2, 3, 4))
        #expect(conf.switches == [.rotate])
        #expect(conf.search.map(\.description) == ["a.b."])
        #expect(servers.map(\.description) == ["192.0.2.1:5353", "192.0.2.2:53"])
        let fromFile = try #require(try step("resolver: musl, resolv-conf: pod.conf").lookup)
        #expect(fromFile.resolvConf == "pod.conf")
        #expect(
            fromFile.settings(file: try ResolvConf(parsing: Array("nameserver 192.0.2.9\n".utf8))).servers
                .map(\.description) == ["192.0.2.9:53"]
        )
        for (wrong, words) in [
            ("ndots: 5", "resolver"), ("resolver: bind", "bind"), ("resolver: go, options: frobnicate", "frobnicate"),
            ("resolver: go, nameservers: [dns]", "dns"), ("resolver: go, nameservers: []", "one to three"),
            ("resolver: go, ndots: 16", "out of range"), ("resolver: go, serach: []", "did you mean 'search'"),
        ] {
            #expect(throws: ScenarioError.self, "\(words)") { try step(wrong) }
        }
    }

    @Test("a word alone is a step with its defaults")
    func bareSteps() throws {
        let plan = try plan(sound.replacing("- doctor\n", with: "- compare\n  - prove\n  - check\n"))
        #expect(plan.steps.prefix(3).map(\.kind) == [.compare, .prove, .check])
    }

    @Test("every built-in scenario is sound, and the main one judges all that it should")
    func builtin() throws {
        for name in Scenario.builtinNames {
            #expect(try Scenario.load(name).id == name)
        }
        let plan = try Scenario.load("pre-rollout")
        #expect(plan.steps.map(\.kind) == [.check, .prove, .compare])
        #expect(plan.file == "built-in:pre-rollout")
        guard case .compare(let compare) = plan.steps[2] else { return }
        #expect(compare.nominalNanoseconds <= 45_000_000_000)
        func failed(_ changes: [String: GateValue]) -> [String] {
            let healthy: [String: GateValue] = [
                "checks.fail": .count(0), "proof.force-tcp": .word("proven"), "proof.cache": .word("proven"),
                "cache.loss": .ratio(0), "cache.p50": .duration(150_000), "cluster.p50": .duration(500_000),
                "cache.p99": .duration(3_000_000), "cluster.p99": .duration(2_000_000),
            ]
            let facts = healthy.merging(changes) { $1 }
            return plan.gates.filter { $0.evaluate(facts).verdict != .pass }.map { $0.metrics[0] }
        }
        #expect(failed([:]).isEmpty)
        #expect(failed(["cache.loss": .ratio(0.01)]) == ["cache.loss"])
        #expect(
            failed(["cache.p50": .duration(50_200_000), "cache.p99": .duration(63_000_000)]) == [
                "cache.p50", "cache.p99",
            ]
        )
        #expect(failed(["cache.p50": .duration(900_000), "cache.p99": .duration(9_000_000)]).isEmpty)
    }

    @Test("the embedded text is the file in Scenarios/")
    func embedded() throws {
        for name in Scenario.builtinNames {
            let path = repositoryPath("Scenarios/\(name).yaml")
            #expect(try Scenario.load(path).text == Scenario.builtinText(name))
        }
    }

    @Test(
        "a fault is told with its place and a suggestion",
        arguments: [
            ("- doctor\n", "- docter\n", "s.yaml:8:5: there is no step 'docter'; did you mean 'doctor'?"),
            ("- doctor\n", "- [check]\n", "s.yaml:8:5: a step is one mapping with one key, such as - check: {}"),
            ("- doctor\n", "- load\n", "s.yaml:8:5: a load step needs 'rate' or 'outstanding'"),
            ("tiers:", "tier:", "s.yaml:9:46: unknown key 'tier' in a check step; did you mean 'tiers'?"),
            ("title:", "tittle:", "s.yaml:3:1: unknown key 'tittle' in a scenario; did you mean 'title'?"),
            ("- prove:", "- proof:", "s.yaml:10:5: there is no step 'proof'; did you mean 'prove'?"),
            ("target: cache", "target: cash", "s.yaml:11:21: there is no target 'cash'; did you mean 'cache'?"),
            (
                "duration: 3s", "duration: 3",
                "s.yaml:11:55: '3' is not a duration; write a number with its unit, such as 10s or 250ms"
            ),
            ("role: cluster", "role: clutser", "s.yaml:6:46: 'clutser' is not known here; did you mean 'cluster'?"),
            (
                "cluster.p99 * 1.2", "cluster.p98 * 1.2",
                "s.yaml:15:18: there is no metric 'cluster.p98'; did you mean 'cluster.p90'?"
            ),
            ("version: 1", "version: 2", "s.yaml:1:10: this program reads scenarios of version 1 alone"),
            ("role: cache", "role: cluster", "s.yaml:9:12: 'target' is missing here, and no target has the role cache"),
            (
                "- wait: 250ms", "- disrupt: {}",
                "s.yaml:13:5: disrupt steps cannot be carried out: nothing here breaks a node on command; remove the step"
            ),
            (
                "outstanding: 64", "outstanding: 64, rate: 5/s",
                "s.yaml:11:41: 'rate' and 'outstanding' exclude each other: the one paces by time, the other by answers"
            ),
            (
                "checks.fail == 0", "proof.cache == porven",
                "s.yaml:16:34: proof.cache is never 'porven'; did you mean 'proven'?"
            ),
            ("checks.fail == 0", "1 == 1", "s.yaml:16:19: the gate reads no metric, so no run can change it"),
            (
                "169.254.20.10,", "node-cache,",
                "s.yaml:5:21: 'node-cache' is no address; write one such as 169.254.20.10:53"
            ),
            ("  cache: {", "  check: {", "s.yaml:5:3: 'check' cannot name a target; gates could not speak of it"),
            (
                "steps:\n", "expect: { profile: coredsn-1.13 }\nsteps:\n",
                "s.yaml:7:20: there is no profile 'coredsn-1.13'; did you mean 'coredns-1.13'?"
            ),
        ]
    )
    func diagnostics(old: String, new: String, expected: String) {
        #expect(
            faults(sound.replacing(old, with: new)).contains(expected),
            "\(faults(sound.replacing(old, with: new)))"
        )
    }

    @Test("all faults of a file are told at once, in its order")
    func several() {
        let text = sound.replacing("title:", with: "tittle:").replacing("3s", with: "3").replacing("1.2", with: "x")
        let found = faults(text)
        #expect(found.count >= 4)
        #expect(
            found
                == found.sorted { lhs, rhs in
                    (Int(lhs.split(separator: ":")[1]) ?? 0) < (Int(rhs.split(separator: ":")[1]) ?? 0)
                }
        )
    }

    @Test("a fault is told once, not again by all that refer to it")
    func cascades() {
        #expect(faults(sound.replacing("role: cluster", with: "role: clutser")).count == 1)
        #expect(faults(sound.replacing("tiers:", with: "tier:")).count == 1)
    }

    @Test(
        "a gate that no step can answer is refused",
        arguments: [
            ("doctor.fail == 0", "doctor"), ("proof.cache == proven", "proof cache"), ("upstream.udp == 0", "prove"),
            ("comparison.p50.verdict != regressed", "compare"), ("checks.fail == 0", "check step"),
            ("b.p99 < 1s", "'b'"),
        ]
    )
    func unanswerable(gate: String, part: String) {
        let text = """
            version: 1
            id: a
            title: a
            targets: { a: { address: 127.0.0.1, role: cache }, b: { address: 127.0.0.2, role: cluster } }
            steps:
              - load: { target: a, rate: 5 }
            gates: ["\(gate)"]
            """
        let found = faults(text)
        #expect(found.count == 1 && found[0].contains("no step gives") && found[0].contains(part), "\(found)")
    }

    @Test("a name that is nothing gets a hint, and a file that is not there is told apart")
    func missing() {
        #expect(throws: ScenarioError.notFound(name: "pre-rolout", hint: "; did you mean 'pre-rollout'?")) {
            try Scenario.load("pre-rolout")
        }
        #expect(throws: ScenarioError.notFound(name: "./none.yaml", hint: "")) { try Scenario.load("./none.yaml") }
        #expect {
            try Scenario.load("/")
        } throws: { error in
            if case ScenarioError.unreadable = error { return true }
            return false
        }
    }

    @Test(
        "what is no scenario is refused without a trap",
        arguments: [
            "", "[]", "just text", "version: 1",
            "version: 1\nsteps: 5\ntargets: []\ngates: {}\nworkloads: 7\nexpect: x",
            "\u{0}", "a: &a [*a]", "steps:\n  - load:\n", "gates:\n  - {}\n  - []\n  - ~\n",
        ]
    )
    func notScenarios(text: String) {
        #expect(!faults(text).isEmpty)
        #expect(throws: ScenarioError.self) { try Scenario.parse([0xFF, 0xFE, 0x00], file: "s") }
    }

    @Test("cutting or damaging a scenario anywhere gives a plan or faults")
    func damage() {
        let bytes = Array(sound.utf8)
        for length in stride(from: 0, to: bytes.count, by: 5) {
            _ = try? Scenario.parse(Array(bytes[..<length]), file: "s")
        }
        for index in stride(from: 0, to: bytes.count, by: 11) {
            for noise in [UInt8(0), 0xFF, UInt8(ascii: "["), UInt8(ascii: ":"), UInt8(ascii: "\n"), UInt8(ascii: "-")] {
                var mutant = bytes
                mutant[index] = noise
                _ = try? Scenario.parse(mutant, file: "s")
            }
        }
    }

    @Test("paths start at the scenario's folder")
    func paths() throws {
        let text = sound.replacing(
            "steps:\n",
            with: """
                expect: { corefile: files/Corefile }
                workloads: { mine: { kind: data-file, file: ../queries.txt } }
                steps:

                """
        )
        let plan = try Scenario.parse(Array(text.utf8), file: "some/where/s.yaml")
        #expect(plan.expectations.corefile == .file(path: "some/where/files/Corefile"))
        #expect(plan.workload("mine")?.source == .dataFile(path: "some/where/../queries.txt"))
        #expect(plan.workload("kubernetes") == .kubernetes)
    }

    @Test("the resolved plan is JSON with every default")
    func resolved() throws {
        let plan = try Scenario.load("pre-rollout")
        let tree = try YAMLTree.parse(plan.resolved.json, file: "json").map()
        let steps = try tree.required("steps").list()
        #expect(try steps[2].map().required("compare").map().required("segment_ns").integer() == 2_000_000_000)
        #expect(try tree.required("workloads").map().required("pods").map().required("ndots").integer() == 5)
        #expect(ResolvedValue.string("a\"\n\u{1}").json == "\"a\\\"\\n\\u0001\"")
        #expect(ResolvedValue.object([:]).json == "{}")
    }
}

@Suite("KubernetesMix") struct KubernetesMixTests {
    private func names(_ texts: String...) throws -> [DNSName] { try texts.map { try DNSName($0) } }

    @Test("shares add up to one and follow weights and ranks")
    func shares() throws {
        let mix = KubernetesMix(weights: [.service: 3, .srv: 1], zipfExponent: 1, types: [.a, .aaaa])
        let questions = mix.questions(clusterNames: [
            .service: try names("a.test.", "b.test."), .srv: try names("_x._tcp.a.test."),
            .external: try names("c.test."),
        ])
        #expect(questions.count == 5)
        #expect(abs(questions.reduce(0) { $0 + $1.weight } - 1) < 1e-9)
        let srv = try #require(questions.first { $0.type == .srv })
        #expect(abs(srv.weight - 0.25) < 1e-9)
        #expect(abs(questions[0].weight / questions[2].weight - 2) < 1e-9)
        #expect(questions[0].weight == questions[1].weight)
    }

    @Test("the search walk is that of ndots, and needs only external names")
    func walk() throws {
        let mix = KubernetesMix(weights: [.searchPath: 1], types: [.a])
        let name = try DNSName("www.example.com.")
        #expect(
            mix.searchWalk(for: name).map(\.description) == [
                "www.example.com.default.svc.cluster.local.", "www.example.com.svc.cluster.local.",
                "www.example.com.cluster.local.", "www.example.com.",
            ]
        )
        #expect(mix.searchWalk(for: try DNSName("a.b.c.d.e.f.")).count == 1)
        #expect(mix.questions(clusterNames: [.external: [name]]).count == 4)
        #expect(mix.partsNeeded == [.searchPath])
    }

    @Test("parts without names leave their share to the others, and nothing at all is nothing")
    func absent() throws {
        var mix = KubernetesMix()
        #expect(mix.questions(clusterNames: [:]).isEmpty)
        mix.names[.ptr] = try names("1.0.96.10.in-addr.arpa.")
        let questions = mix.questions(clusterNames: [:])
        #expect(questions.map(\.type) == [.ptr] && questions[0].weight == 1)
        mix.population = 1
        #expect(mix.questions(clusterNames: [.service: try names("a.", "b.")]).count == 3)
    }
}
