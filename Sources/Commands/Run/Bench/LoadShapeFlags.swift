import ArgumentParser
import Measure
import NodeLocal
import Scenario

/// When the queries of `nldns bench` are sent, and for how long.
struct LoadShapeFlags: ParsableArguments {
    /// The rate that no server minds, queries a second.
    static let harmlessRate = 1000.0

    @Option(
        help: ArgumentHelp(
            "Queries a second over all connections; 1000 unless something else paces the load.",
            valueName: "qps"
        )
    )
    var rate: Double?

    @Option(help: ArgumentHelp("Queries in flight over all connections.", valueName: "count"))
    var outstanding: Int?

    @Option(
        help: ArgumentHelp(
            "Rates one after the other, such as 500/s:10s,0-5000/s:60s; a-b is a ramp.",
            valueName: "rate:time,…"
        )
    )
    var stages: String?

    @Option(help: ArgumentHelp("This many queries at once; see --burst-every.", valueName: "count"))
    var burst: Int?

    @Option(help: ArgumentHelp("The time from one burst to the next.", valueName: "time"))
    var burstEvery: String?

    @Option(help: ArgumentHelp("Send the queries of a pcap or pcapng file at their own times.", valueName: "file"))
    var replay: String?

    @Option(help: ArgumentHelp("How many times as fast as the capture; 1 if not given.", valueName: "factor"))
    var replaySpeed: Double?

    @Option(
        help: ArgumentHelp(
            "Measure the states of the cache by themselves: cold,warm,expiring or some of them.",
            valueName: "names"
        )
    )
    var phases: String?

    @Option(help: ArgumentHelp("The TTL that the phase expiring goes by; learnt if not given.", valueName: "time"))
    var expiringTtl: String?

    @Flag(help: "Search the highest rate that meets the goals, short trials first and a long one to confirm.")
    var findMax = false

    @Option(help: ArgumentHelp("Goal of --find-max: lost queries at most; 0.1% if not given.", valueName: "share"))
    var goalLoss: String?

    @Option(help: ArgumentHelp("Goal of --find-max: 99th percentile of the response at most.", valueName: "time"))
    var goalP99: String?

    @Option(help: ArgumentHelp("Goal of --find-max: SERVFAIL at most; 0.1% if not given.", valueName: "share"))
    var goalServfail: String?

    @Option(help: ArgumentHelp("The highest rate that --find-max tries; 100000 if not given.", valueName: "qps"))
    var maxRate: Double?

    @Option(help: ArgumentHelp("How long a trial of --find-max lasts; 2s if not given.", valueName: "time"))
    var trial: String?

    @Option(help: ArgumentHelp("How long its confirming trial lasts; 10s if not given.", valueName: "time"))
    var confirm: String?

    @Option(help: "How queries are spaced around the rate: constant or poisson.")
    var spacing: ArrivalSchedule.Spacing?

    @Option(help: ArgumentHelp("How long to send, such as 10s or 500ms; 10s if not given.", valueName: "time"))
    var duration: String?

    @Option(help: ArgumentHelp("Send this many queries at most.", valueName: "count"))
    var queries: UInt64?

    @Option(help: ArgumentHelp("One entry of the series, 100ms to 1h; 1s if not given.", valueName: "time"))
    var interval: String?

    func validate() throws {
        let paces = [
            ("--rate", rate != nil), ("--outstanding", outstanding != nil), ("--stages", stages != nil),
            ("--burst", burst != nil), ("--replay", replay != nil), ("--find-max", findMax),
        ].filter(\.1).map(\.0)
        if paces.count > 1 { throw ValidationError("\(paces[0]) and \(paces[1]) exclude each other; give one.") }
        if burst != nil, burstEvery == nil { throw ValidationError("--burst needs --burst-every, such as 100ms.") }
        if burst == nil, burstEvery != nil { throw ValidationError("--burst-every needs --burst.") }
        if replay == nil, replaySpeed != nil { throw ValidationError("--replay-speed needs --replay.") }
        for (flag, isGiven) in [
            ("--goal-loss", goalLoss != nil), ("--goal-p99", goalP99 != nil), ("--goal-servfail", goalServfail != nil),
            ("--max-rate", maxRate != nil), ("--trial", trial != nil), ("--confirm", confirm != nil),
        ] where isGiven && !findMax {
            throw ValidationError("\(flag) needs --find-max.")
        }
        if let phases {
            let names = phases.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            for name in names where CachePhase(rawValue: name) == nil {
                throw ValidationError("There is no phase \"\(name)\"; there are cold, warm and expiring.")
            }
        }
        if expiringTtl != nil, phases == nil { throw ValidationError("--expiring-ttl needs --phases.") }
        if findMax, duration != nil {
            throw ValidationError("--find-max lasts as long as it must; leave --duration out.")
        }
        if let duration { try DurationFlag.check(duration, of: "--duration") }
        if let burstEvery { try DurationFlag.check(burstEvery, of: "--burst-every") }
        if let rate, !(0.001...10_000_000).contains(rate) { throw ValidationError("--rate takes 0.001 to 10000000.") }
        if let maxRate, !(0.001...10_000_000).contains(maxRate) {
            throw ValidationError("--max-rate takes 0.001 to 10000000.")
        }
        if let outstanding, outstanding < 1 { throw ValidationError("--outstanding takes 1 or more.") }
    }

    /// Whether the load is as fast as the server answers.
    var isPacedByAnswers: Bool { outstanding != nil }

    /// The keys of the load step.
    var stepLines: [String] {
        var lines: [String] = []
        if let outstanding {
            lines.append("outstanding: \(outstanding)")
        } else if let stages {
            let pieces = stages.split(separator: ",", omittingEmptySubsequences: false).map {
                ScenarioText.quoted(String($0))
            }
            lines.append("stages: [\(pieces.joined(separator: ", "))]")
        } else if let burst {
            lines.append("burst: { size: \(burst), every: \(burstEvery ?? "") }")
        } else if let replay {
            lines.append("replay: { file: \(ScenarioText.quoted(replay)), speed: \(replaySpeed ?? 1) }")
        } else if findMax {
            let settings = [
                goalLoss.map { "loss: \(ScenarioText.quoted($0))" }, goalP99.map { "p99: \(ScenarioText.quoted($0))" },
                goalServfail.map { "servfail: \(ScenarioText.quoted($0))" }, maxRate.map { "max-rate: \($0)" },
                trial.map { "trial: \(ScenarioText.quoted($0))" },
                confirm.map { "confirm: \(ScenarioText.quoted($0))" },
            ].compactMap { $0 }
            lines.append("find-max: { \(settings.joined(separator: ", ")) }")
        } else {
            lines.append("rate: \(rate ?? Self.harmlessRate)/s")
        }
        if let phases { lines.append("phases: [\(phases)]") }
        if let expiringTtl { lines.append("expiring-ttl: \(ScenarioText.quoted(expiringTtl))") }
        if let spacing { lines.append("spacing: \(spacing.rawValue)") }
        if let duration { lines.append("duration: \(duration)") }
        if let interval { lines.append("interval: \(ScenarioText.quoted(interval))") }
        if let queries { lines.append("queries: \(queries)") }
        return lines
    }
}

extension ArrivalSchedule.Spacing: ExpressibleByArgument {}

/// A duration on the command line.
enum DurationFlag {
    /// Refuses text that is no duration with its unit.
    static func check(_ text: String, of flag: String) throws { _ = try nanoseconds(text, of: flag) }

    /// The duration in nanoseconds.
    static func nanoseconds(_ text: String, of flag: String) throws -> Int64 {
        guard let value = DurationText.nanoseconds(text) else {
            throw ValidationError("\(flag) takes a number with a unit, such as 10s or 250ms, not \"\(text)\".")
        }
        return value
    }
}
