import DNSWire
import Testing

@testable import Conformance

@Suite("Assertion language")
struct ExpressionTests {
    static let environment: CheckEnvironment = {
        var environment = CheckEnvironment()
        environment.variables = ["q": "a.example.com.", "name": "A.Example.COM."]
        environment.facts = [
            "n": .integer(7), "t": .time(5_000_000_000), "list": .list([.integer(3), .integer(2), .integer(2)]),
            "up": .list([.integer(1), .integer(2)]), "empty": .list([]), "gone": .absent("no answer"),
            "nobody": .unknown("nobody knows"), "blind": .unobservable("the capture lost 3 packets"),
            "yes": .boolean(true), "holes": .list([.integer(1), .absent("no answer")]),
        ]
        environment.facts["coredns"] = VersionNumber("1.13.1").map(CheckValue.version)
        environment.expectations = TargetExpectations(zones: [
            ExpectedZone(
                zone: Self.name("cluster.local"),
                transport: .tcp,
                upstreams: [.v4(0x0A60_000A)],
                successTTLCap: 30,
                denialTTLCap: 5
            ),
            ExpectedZone(zone: .root, transport: .mirrorsClient, upstreams: [], successTTLCap: 30, denialTTLCap: 30),
        ])
        environment.upstreamAliases = [.v4(0x0A60_000A): [.v4(0x0A00_0001)]]
        return environment
    }()

    static func name(_ text: String) -> DNSName { (try? DNSName(text)) ?? .root }

    private func judge(_ text: String) throws -> Judgement {
        try Self.environment.judge(ExpressionParser.statement(text))
    }

    @Test(
        "Each predicate holds where it should",
        arguments: [
            "n == 7", "n != 8", "n <= 7", "n >= 7", "n < 8", "n > 6", "n in [1, 7]", "n in 5..9", "n in -1..7",
            "list superset [2]", "[2] subset list", "[2, 3] sameset list", "list disjoint [9]", "n within 2 of 9",
            "t within 1s of t + 900ms", "t precedes t + 1ns", "n is present", "gone is absent", "empty is empty",
            "list is nonempty", "up is unique", "[2, 2] is uniform", "up is increasing", "[3, 1] is decreasing",
            "list is nonincreasing", "up is nondecreasing", "each up >= 1", "q == \"a.example.com.\"",
            "lower(name) == q", "yes == true", "coredns >= v1.10", "coredns < v1.14.7", "n + 3 == 10",
            "t + 2s - t == 2s",
            "0x10 == 16", "30.5s == 30500ms", "count(list) == 3", "min(list) == 2", "max(list) == 3", "sum(list) == 7",
            "distinct(list) == 2", "first(list) == 3", "last(list) == 2", "seconds(n) == 7s",
            "concat(up, up) == [1, 2, 1, 2]", "count(holes) == 1", "NOERROR in [NOERROR, NXDOMAIN]",
            "expected.success_cap(\"x.cluster.local.\") == 30", "expected.denial_cap(\"X.CLUSTER.LOCAL.\") == 5",
            "expected.success_ttl(\"cluster.local.\", 3600) == 30", "expected.success_ttl(\"cluster.local.\", 0) == 5",
            "expected.transport(\"a.cluster.local.\", UDP) == TCP", "expected.transport(q, UDP) == UDP",
            "expected.transport(\"xcluster.local.\") == CLIENT",
            "expected.destinations(\"cluster.local.\") sameset [\"10.96.0.10\", \"10.0.0.1\"]",
            "drift([30, 29, 28], [t, t + 1s, t + 2s]) == [0, 0, 0]",
            "percentile([5, 1, 3, 2, 4], 50) == 3", "percentile([1, 2, 3], 99) == 3", "percentile([7], 1) == 7",
        ]
    )
    func holds(_ text: String) throws {
        #expect(try judge(text) == .holds, "\(text)")
    }

    @Test(
        "Each predicate fails where it should",
        arguments: [
            "n == 8", "n != 7", "n <= 6", "n >= 8", "n < 7", "n > 7", "n in [1, 2]", "n in 8..9", "list superset [9]",
            "[9] subset list", "[2] sameset list", "list disjoint [2]", "n within 1 of 9", "t within 1s of t + 2s",
            "t precedes t", "gone is present", "n is absent", "list is empty", "empty is nonempty", "list is unique",
            "list is uniform", "list is increasing", "up is decreasing", "up is nonincreasing", "list is nondecreasing",
            "each up >= 2", "each empty >= 0", "each holes >= 0", "gone == 1", "holes is increasing",
            "drift([30, 30], [t, t + 2s]) == [0, 0]",
        ]
    )
    func fails(_ text: String) throws {
        guard case .fails = try judge(text) else {
            Issue.record("\(text) gave \(try judge(text))")
            return
        }
    }

    @Test("An unknown expectation does not apply, and a blind observer is inconclusive")
    func holes() throws {
        #expect(try judge("n == nobody") == .notApplicable("nobody knows"))
        #expect(try judge("each nobody == 1") == .notApplicable("nobody knows"))
        #expect(try judge("blind <= 3") == .inconclusive("the capture lost 3 packets"))
        #expect(try judge("gone == blind") == .inconclusive("the capture lost 3 packets"))
        #expect(
            try judge("expected.destinations(q) superset [\"10.0.0.1\"]")
                == .notApplicable("the configuration does not name the upstreams of .")
        )
    }

    @Test(
        "A statement that mixes types is an error and no failure",
        arguments: [
            "n == q", "n < 3s", "t + t == t", "lower(n) == q", "sum(up) == 3s", "each n == 7", "n subset up",
            "nothing == 1",
        ]
    )
    func typeErrors(_ text: String) throws {
        let statement = try ExpressionParser.statement(text)
        #expect(throws: EvaluationError.self) { try Self.environment.judge(statement) }
    }

    @Test(
        "What is no statement is refused with its column",
        arguments: [
            ("first.rcode", 11), ("== 3", 0), ("a ==", 4), ("a is odd", 2), ("a within 3", 10), ("a == 3 4", 7),
            ("a ? 3", 2),
            ("f(1 == 3", 4), ("a == \"b", 5), ("a == 3q", 5), ("[1, 2 == 3", 6), ("a. == 3", 3),
        ]
    )
    func syntaxErrors(_ text: String, column: Int) {
        let error = #expect(throws: ExpressionError.self) { try ExpressionParser.statement(text) }
        #expect(error?.offset == column, "\(text): \(error.map(String.init(describing:)) ?? "")")
    }

    @Test("Names that look like versions stay names")
    func versionsAndNames() throws {
        #expect(try ExpressionParser.expression("v4") == .path(["v4"]))
        #expect(try ExpressionParser.expression("v4.answer.count") == .path(["v4", "answer", "count"]))
        let version = try #require(VersionNumber("1.10"))
        #expect(try ExpressionParser.expression("v1.10") == .literal(.version(version)))
    }

    @Test("Versions compare part by part")
    func versions() throws {
        let condition = try #require(VersionCondition("coredns >=1.10 <1.14.7"))
        let inside = try ["1.10", "1.10.0", "1.13.2", "1.14.6"].map { try #require(VersionNumber($0)) }
        let outside = try ["1.9.4", "1.14.7", "2.0"].map { try #require(VersionNumber($0)) }
        #expect(inside.allSatisfy { condition.contains(product: "CoreDNS", version: $0) })
        #expect(!outside.contains { condition.contains(product: "coredns", version: $0) })
        #expect(!condition.contains(product: "unbound", version: inside[0]))
        #expect(VersionCondition("coredns 1.10") == nil)
        #expect(VersionNumber("1.x") == nil)
        #expect(VersionNumber("1.10") == VersionNumber("1.10.0"))
    }
}
