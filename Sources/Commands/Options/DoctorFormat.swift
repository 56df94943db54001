import ArgumentParser

/// What `nldns doctor` prints.
enum DoctorFormat: String, ExpressibleByArgument, CaseIterable {
    /// For people.
    case text
    /// The result document; one a line when the look is repeated.
    case json
    /// One line for node-problem-detector.
    case npd
    /// Prometheus text.
    case prometheus
}

/// How often the doctor looks, and what it prints.
struct DoctorFlags: ParsableArguments {
    @Flag(help: "Look once and end; that is what happens without --every.")
    var once = false

    @Option(
        help: ArgumentHelp(
            "Look again and again, a look each so often, such as 60s, until a signal comes; text says what changed.",
            valueName: "time"
        )
    )
    var every: String?

    @Option(
        help: ArgumentHelp(
            "What is printed: text, json (the result document, one a line with --every), npd (one line of 80 characters and 0, 1 or 2 for node-problem-detector) or prometheus.",
            valueName: "format"
        )
    )
    var format: DoctorFormat?

    private static let shortestNanoseconds: Int64 = 1_000_000_000
    private static let longestNanoseconds: Int64 = 86_400_000_000_000

    /// The time from the start of one look to that of the next, or nil.
    func everyNanoseconds() throws -> Int64? {
        guard let every else { return nil }
        let time = try DurationFlag.nanoseconds(every, of: "--every")
        guard (Self.shortestNanoseconds...Self.longestNanoseconds).contains(time) else {
            throw ValidationError("--every takes 1s to 24h, not \(every).")
        }
        return time
    }

    func validate() throws {
        if once, every != nil { throw ValidationError("--once and --every exclude each other; give one.") }
        _ = try everyNanoseconds()
    }

    /// What is printed, or nil when a format of `-o` goes to standard output instead.
    func resolved(with output: OutputOptions) throws -> DoctorFormat? {
        let takesOutput = output.output.contains(where: \.isStandardOutput)
        if let format, output.json, format != .json {
            throw ValidationError("--json and --format \(format.rawValue) exclude each other; give one.")
        }
        if let format, takesOutput {
            throw ValidationError("only one format can go to standard output: --format \(format.rawValue) or -o …=-")
        }
        return takesOutput ? nil : output.json ? .json : format ?? .text
    }
}
