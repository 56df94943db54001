import ArgumentParser
import NodeLocal

/// When the queries of `nldns bench` are sent, and for how long.
struct LoadShapeFlags: ParsableArguments {
    /// The rate that no server minds, queries a second.
    static let harmlessRate = 1000.0

    @Option(
        help: ArgumentHelp(
            "Queries a second over all connections; 1000 unless --outstanding is given.",
            valueName: "qps"
        )
    )
    var rate: Double?

    @Option(help: ArgumentHelp("Queries in flight over all connections.", valueName: "count"))
    var outstanding: Int?

    @Option(help: ArgumentHelp("How long to send, such as 10s or 500ms.", valueName: "time"))
    var duration: String = "10s"

    func validate() throws {
        if rate != nil, outstanding != nil {
            throw ValidationError("--rate and --outstanding exclude each other; give one.")
        }
        try DurationFlag.check(duration, of: "--duration")
        if let rate, !rate.isFinite || rate <= 0 { throw ValidationError("--rate takes a number above 0.") }
        if let outstanding, outstanding < 1 { throw ValidationError("--outstanding takes 1 or more.") }
    }

    /// The highest rate that is asked for; 0 when answers pace the load.
    var mostQueriesPerSecond: Double { isPacedByAnswers ? 0 : rate ?? Self.harmlessRate }

    /// Whether the load is as fast as the server answers.
    var isPacedByAnswers: Bool { outstanding != nil }

    /// The keys of the load step.
    var stepLines: [String] {
        let pace = outstanding.map { "outstanding: \($0)" } ?? "rate: \(rate ?? Self.harmlessRate)/s"
        return [pace, "duration: \(duration)"]
    }
}

/// A duration on the command line.
enum DurationFlag {
    /// Refuses text that is no duration with its unit.
    static func check(_ text: String, of flag: String) throws {
        guard DurationText.nanoseconds(text) != nil else {
            throw ValidationError("\(flag) takes a number with a unit, such as 10s or 250ms, not \"\(text)\".")
        }
    }
}
