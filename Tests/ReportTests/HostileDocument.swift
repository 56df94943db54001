import Measure
import Results

/// The sample run with every string replaced by what an attacker on the wire or in a file name would choose.
enum HostileDocument {
    /// Markup, script, quotes, terminal escapes, bidirectional marks, Markdown, workflow commands, mustache tags.
    static let payload =
        "\"'><script>alert(1)</script><img src=x onerror=alert(1)>\u{1B}]0;owned\u{07}\u{1B}[2J\u{202E}\u{0}\u{FFFE}"
        + "|[x](javascript:alert(1))`**\n::error::x\r\n{{secret}}{{{raw}}}]]>&#x3c;@everyone\u{2028}\\"

    static func make() -> ResultDocument {
        var document = SampleDocument.make(.fail)
        let text = payload
        document.reasons = [text, text]
        document.notes = [text]
        document.command = ["nldns", text]
        document.tool = ToolRecord(name: text, version: text, commit: text, build: "release")
        document.scenario?.id = text
        document.scenario?.resolved = .object([text: .string(text)])
        document.targets[0].name = text
        document.targets[0].address = text
        document.targets[1].version = text
        document.environment.kernel = text
        document.environment.cpuModel = text
        document.load?[0].target = text
        document.load?[0].phase = text
        document.load?[0].transport = text
        document.load?[0].rcodes[text] = 1
        document.load?[0].invalidReason = text
        document.load?[1].lookup?.resolver = text
        document.load?[1].lookup?.servers = [text]
        document.load?[1].lookup?.amplification.bySearchStep[0].domain = text
        document.findMax = [SearchFixture.make(target: text)]
        document.comparison?.a = text
        document.comparison?.b = text
        document.comparison?.method = text
        document.comparison?.order = Array(repeating: text, count: 12)
        document.gate?.outcomes?[0] = GateRecord.Outcome(
            id: text,
            expression: text,
            verdict: .fail,
            actual: text,
            limit: text,
            remediation: text
        )
        let advice = document.gate?.outcomes?.prefix(1).map(\.self)
        document.gate?.advice = advice
        document.gate?.notes = [text]
        document.fleet = try? FleetFixture.make().fleet
        document.fleet?.rule = text
        document.fleet?.nodes[0].name = text
        document.fleet?.nodes[0].environmentClass = text
        document.fleet?.outliers[0].node = text
        document.fleet?.outliers[0].target = text
        document.fleet?.outliers[0].phase = text
        document.fleet?.outliers[0].metric = text
        document.gate?.waived = [.init(id: text, reason: text, expires: text, by: text)]
        document.capture?.files = [text]
        document.capture?.ledger?[text] = 1
        document.capture?.proofs[0] = ProofRecord(
            id: text,
            verdict: .violated,
            reason: text,
            evidence: [EvidenceRecord(frame: 1, text: text)]
        )
        document.checks = document.checks?.map { check in
            var check = check
            check.id += text
            check.section = text
            check.title = text
            check.requirement = text
            check.source = text
            check.expected = text
            check.actual = text
            check.remediation = text
            check.evidence = [EvidenceRecord(frame: 1, text: text)]
            return check
        }
        return document
    }

    /// A document whose figures no measurement can have.
    static func absurd() -> ResultDocument {
        var document = SampleDocument.make()
        document.started = Timestamp(realtimeNanoseconds: .max)
        document.ended = Timestamp(realtimeNanoseconds: .min)
        document.load?[0].latency.response.hdr = "HISTFAAA"
        document.load?[0].latency.response.p99 = .max
        document.load?[0].counters = LoadCounters(scheduled: .max, sent: .max, answered: .max, timedOut: .max)
        document.load?[0].rcodes = ["NOERROR": .max, "SERVFAIL": .max]
        document.load?[0].achievedQPS = 1e300
        document.load?[0].durationNanoseconds = .min
        document.load?[0].client.cpuNanoseconds = .max
        document.load?[1].client.cpuNanoseconds = .max
        document.load?[1].lookup?.lookups.found = .max
        document.load?[1].lookup?.latency.response.p99 = .min
        document.load?[1].lookup?.amplification.wasted = .max
        document.load?[1].lookup?.amplification.queriesPerLookup = LookupRecord.Distribution(
            mean: 1e300,
            p50: .min,
            p99: .max,
            max: .max
        )
        document.load?[1].series?.offsetNanoseconds = [.max, .min]
        document.load?[1].series?.p99 = [.max]
        document.load?[1].series?.timedOut = [.max, .max]
        document.comparison?.metrics[0].ratio = 0
        document.comparison?.metrics[0].ciLow = -1
        document.comparison?.metrics[1].ciHigh = 1e308
        document.comparison?.metrics[1].logRatios = [1e308, -1e308]
        document.comparison?.metrics[2].margin = -1
        document.comparison?.metrics[2].absoluteFloor = 1e308
        document.comparison?.pairs = .max
        document.capture?.proofs[0].evidenceCount = .max
        document.checks?[0].durationNanoseconds = .min
        document.environment.cpus = .min
        document.environment.cpuQuota = 1e-300
        return document
    }
}
