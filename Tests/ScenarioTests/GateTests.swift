import Testing

@testable import Scenario

private let targets = ["cache", "cluster"]

private func outcome(_ text: String, _ facts: [String: GateValue]) throws -> GateOutcome {
    try Gate.parse(text, targets: targets).evaluate(facts)
}

private let facts: [String: GateValue] = [
    "cache.p99": .duration(1_500_000), "cluster.p99": .duration(2_000_000), "cache.loss": .ratio(0.0005),
    "checks.fail": .count(0), "proof.force-tcp": .word("proven"), "check.HDR-01": .word("known"),
    "cache.rcode.SERVFAIL": .count(3), "cache.answered": .count(1_000), "comparison.p50.verdict": .word("improved"),
]

@Suite("Gate") struct GateTests {
    @Test(
        "gates hold or fall by the figures",
        arguments: [
            ("cache.p99 <= 2ms", true), ("cache.p99 <= 1ms", false), ("cache.p99 <= cluster.p99 * 0.5", false),
            ("cache.p99 <= cluster.p99 * 1.2", true), ("1.2 * cluster.p99 >= cache.p99", true),
            ("cache.p99 / cluster.p99 < 0.8", true), ("cache.p99 + 1ms <= cluster.p99", false),
            ("cache.p99 - 1ms <= cluster.p99 / 4", true), ("cache.loss <= 0.1%", true), ("cache.loss <= 0.0004", false),
            ("checks.fail == 0", true), ("proof.force-tcp == proven", true), ("proof.force-tcp != proven", false),
            ("check.HDR-01 == known", true), ("cache.rcode.SERVFAIL / cache.answered <= 0.3%", true),
            ("cache.p99 <= max(cluster.p99 / 4, 1600us)", true), ("cache.p99 <= min(cluster.p99, 1ms)", false),
            ("checks.fail == 0 and cache.p99 < 1ms or cache.loss < 1%", true), ("(cache.p99) < (2 * (1ms))", true),
            ("comparison.p50.verdict != regressed", true),
        ]
    )
    func verdicts(text: String, holds: Bool) throws {
        #expect(try outcome(text, facts).verdict == (holds ? .pass : .fail), "\(text)")
    }

    @Test("a figure that is missing, of another sort or not a number is never a pass")
    func missing() throws {
        let gone = try outcome("cache.p99 <= 2ms", [:])
        #expect(gone.verdict == .inconclusive && gone.missing == ["cache.p99"])
        #expect(gone.actual == "cache.p99 = unknown")
        #expect(try outcome("cache.p99 <= 2ms", ["cache.p99": .count(1)]).verdict == .inconclusive)
        #expect(try outcome("cache.loss <= 1%", ["cache.loss": .ratio(.nan)]).verdict == .inconclusive)
        #expect(
            try outcome("cache.p99 / cluster.p99 < 2", ["cache.p99": .duration(1), "cluster.p99": .duration(0)]).verdict
                == .inconclusive
        )
        #expect(try outcome("cache.p50 < 1ms and checks.fail == 1", facts).verdict == .fail)
        #expect(try outcome("cache.p50 < 1ms and checks.fail == 0", facts).verdict == .inconclusive)
        #expect(try outcome("cache.p50 < 1ms or checks.fail == 0", facts).verdict == .pass)
        #expect(try outcome("proof.cache != proven", facts).verdict == .inconclusive)
    }

    @Test("the outcome shows the figures it read")
    func actual() throws {
        let shown = try outcome("cache.p99 <= cluster.p99 * 1.2 and cache.loss <= 0.1%", facts)
        #expect(shown.actual == "cache.p99 = 1.5ms, cluster.p99 = 2ms, cache.loss = 0.05%")
        for name in Gate.metricNames(targets: targets) {
            let isWord = name.hasPrefix("proof.") || name.hasSuffix(".verdict")
            #expect(throws: Never.self) {
                try Gate.parse("\(name) == \(isWord ? "inconclusive" : name)", targets: targets)
            }
        }
        #expect(try Gate.parse("cache.p99 < cache.p99 * 2", targets: targets).metrics == ["cache.p99"])
    }

    @Test(
        "a gate that means nothing is refused with its place",
        arguments: [
            ("cache.p98 <= 2ms", 0, "did you mean 'cache.p9"), ("cahce.p99 <= 2ms", 0, "did you mean 'cache.p99'"),
            ("cache.p99 <= 2", 10, "a duration cannot be compared with a count"),
            ("cache.p99 <= 2 ms", 10, "carries its unit"),
            ("cache.p99 <= 0.1%", 10, "a duration cannot be compared with a ratio"), ("cache.p99", 9, "a comparison"),
            ("cache.p99 = 2ms", 10, "write =="), ("proof.force-tcp == prooven", 19, "did you mean 'proven'"),
            ("proof.force-tcp <= proven", 16, "== or !="),
            ("proof.froce-tcp == proven", 0, "did you mean 'proof.force-tcp'"),
            ("checks.fail == none", 0, "compared"), ("cache.p99 * cluster.p99 <= 2ms", 10, "does not take"),
            ("cache.p99 <= 2ms)", 16, "should end here"), ("max(cache.p99) <= 2ms", 13, "',' should stand here"),
            ("cache.p99 <= 2mss", 13, "neither a number"), ("cache.p99 <= 200%", 13, "neither a number"),
            ("", 0, "should stand here"),
            ("cache.p99 <= ", 13, "should stand here"), ("& 1", 0, "means nothing"),
            ("1 + proof.cache <= 2", 4, "reckoned"),
            ("and <= 2", 0, "no metric 'and'"), ("proven == proof.cache", 0, "no metric 'proven'"),
        ]
    )
    func refusals(text: String, offset: Int, part: String) {
        #expect {
            try Gate.parse(text, targets: targets)
        } throws: { error in
            guard let error = error as? GateSyntaxError else { return false }
            if part == "compared" { return true }
            return error.offset == offset && error.message.contains(part)
        }
    }

    @Test("long, deep and mutilated gates end in a gate or a refusal")
    func hostile() {
        #expect(throws: GateSyntaxError.self) { try Gate.parse(String(repeating: "(", count: 500), targets: targets) }
        #expect(throws: GateSyntaxError.self) { try Gate.parse(String(repeating: "1+", count: 600), targets: targets) }
        let sum = "cache.answered <= " + Array(repeating: "1", count: 400).joined(separator: "+")
        #expect(throws: Never.self) { _ = try outcome(sum, facts) }
        let text = Array("cache.p99 <= max(cluster.p99 * 1.2, 2ms) and cache.loss <= 0.1% or proof.cache == proven")
        for index in text.indices {
            for noise in "(){}<=*%.-a0é\u{0}" {
                var mutant = text
                mutant[index] = noise
                _ = try? outcome(String(mutant), facts)
            }
            _ = try? outcome(String(text[..<index]), facts)
        }
    }
}
