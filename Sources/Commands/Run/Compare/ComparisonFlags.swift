import ArgumentParser
import DNSBench
import Harness
import Measure
import Results
import Scenario

extension ComparisonCacheState: ExpressibleByArgument {}
extension ComparisonMetric: ExpressibleByArgument {}

/// `METRIC=MARGIN`, such as `p99=20%/100us`.
struct MarginFlag: ExpressibleByArgument {
    let metric: ComparisonMetric
    let text: String

    init?(argument: String) {
        guard let equals = argument.firstIndex(of: "="),
            let metric = ComparisonMetric(rawValue: String(argument[..<equals])),
            ComparisonMargin(text: String(argument[argument.index(after: equals)...]), for: metric) != nil
        else { return nil }
        self.metric = metric
        text = String(argument[argument.index(after: equals)...])
    }
}

/// How a comparison is laid out, and by what it is judged.
struct ComparisonFlags: ParsableArguments {
    @Option(help: ArgumentHelp("Pairs of segments that are planned.", valueName: "count"))
    var pairs: Int = 12

    @Option(help: ArgumentHelp("How long a segment is measured.", valueName: "time"))
    var segment: String = "10s"

    @Option(help: ArgumentHelp("Load before each segment that is not counted.", valueName: "time"))
    var settle: String = "2s"

    @Option(help: ArgumentHelp("Load on each side before the first pair that is not counted.", valueName: "time"))
    var warmup: String = "5s"

    @Option(help: ArgumentHelp("Queries a second during a segment, in an open loop.", valueName: "qps"))
    var rate: Double = 500

    @Option(help: "How queries travel: udp or tcp.")
    var transport: DNSBench.LoadTransport = .udp

    @Option(help: "Sockets or TCP connections.")
    var connections: Int = 4

    @Option(help: ArgumentHelp("After how long a query counts as lost.", valueName: "time"))
    var timeout: String = "2s"

    @Option(
        help: ArgumentHelp(
            "The caches during segments: warm (each question was asked while settling), cold (names that nobody asked before) or mixed (as it comes).",
            valueName: "state"
        )
    )
    var cacheState: ComparisonCacheState = .warm

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "The verdict rests on these: p50, p90, p99, p99_9, loss, achieved_qps. If not given: p50, p99 where a segment has 1000 answers, loss, achieved_qps.",
            valueName: "metric"
        )
    )
    var metric: [ComparisonMetric] = []

    @Option(
        help: ArgumentHelp(
            "The change that counts, such as p99=20%, p50=10%/25us with the least change in time, or loss=0.1%; repeatable.",
            valueName: "metric=share"
        )
    )
    var margin: [MarginFlag] = []

    @Option(
        help: ArgumentHelp(
            "The file of A/A runs: nldns aa adds to it, nldns ab takes no margin below what it says. aa.ndjson in the folder of results if not given.",
            valueName: "path"
        )
    )
    var floor: String?

    @Option(
        help: ArgumentHelp(
            "What programs beside the lab may use of the processors' time before a pair is left out.",
            valueName: "share"
        )
    )
    var neighbours: String = "10%"

    @Flag(help: "Allow load that could harm a server that others use.")
    var allowLoad = false

    func validate() throws {
        for (text, flag) in [
            (segment, "--segment"), (settle, "--settle"), (warmup, "--warmup"), (timeout, "--timeout"),
        ] { try DurationFlag.check(text, of: flag) }
        if !(1...1_000).contains(pairs) { throw ValidationError("--pairs takes 1 to 1000.") }
        if !(0.001...10_000_000).contains(rate) { throw ValidationError("--rate takes 0.001 to 10000000.") }
        if ComparisonMargin.share(neighbours).map({ $0 > 1 }) ?? true {
            throw ValidationError("--neighbours takes a share of the processors' time, 0% to 100%, such as 10%.")
        }
        if Set(margin.map(\.metric)).count < margin.count {
            throw ValidationError("--margin is given twice for one metric.")
        }
        if Set(metric).count < metric.count { throw ValidationError("--metric names a metric twice.") }
    }

    /// Refuses what a server that others use may not bear, unless the user says that it may.
    func refuseHarm(isLab: Bool) throws {
        guard !isLab, !allowLoad, rate > LoadShapeFlags.harmlessRate else { return }
        throw Failure(.usage, "\(rate) queries a second outside the lab need --allow-load; up to 1000 do not")
    }

    /// The file of A/A runs, and whether the user named it.
    func floorFile(resultsFolder: String?) -> (file: NoiseFloorFile, isNamed: Bool)? {
        if let floor { return (NoiseFloorFile(path: floor), true) }
        return resultsFolder.map { (NoiseFloorFile(path: "\($0)/aa.ndjson"), false) }
    }

    /// The metrics that the verdict rests on.
    private func gated() throws -> [ComparisonMetric] {
        guard metric.isEmpty else { return metric }
        let planned = rate * Double(try DurationFlag.nanoseconds(segment, of: "--segment")) / 1e9
        // A few lost answers must not cost a segment its percentile.
        return [.p50, .p99, .loss, .achievedQPS].filter { planned >= 1.05 * Double($0.leastAnswers ?? 0) }
    }

    /// The lines of the step that compares `a` and `b`.
    func stepLines(workload: WorkloadFlags, maximumPairs: Int, floors: NoiseFloors?) throws -> [String] {
        var lines = [
            "a: a", "b: b", workload.workloadLine, "transport: \(transport.rawValue)", "rate: \(rate)/s",
            "pairs: \(pairs)", "max-pairs: \(maximumPairs)", "segment: \(segment)", "settle: \(settle)",
            "warmup: \(warmup)", "connections: \(connections)", "timeout: \(timeout)", "cache: \(cacheState.rawValue)",
            "neighbours: \(ScenarioText.quoted(neighbours))",
            "gate: [\(try gated().map(\.rawValue).joined(separator: ", "))]",
        ]
        let margins = margin.map { "\($0.metric.rawValue): \(ScenarioText.quoted($0.text))" }
        if !margins.isEmpty { lines.append("margins: { \(margins.joined(separator: ", ")) }") }
        let known = ComparisonMetric.allCases.compactMap { metric in
            floors?.relative[metric].map { floor in
                // To three places of a per cent: more would only look exact.
                "\(metric.rawValue): \"\((min(floor, 10) * 100_000).rounded() / 1_000)%\""
            }
        }
        if !known.isEmpty { lines.append("noise-floors: { \(known.joined(separator: ", ")) }") }
        return ["steps:", "  - compare:"] + lines.map { "      " + $0 }
    }
}
