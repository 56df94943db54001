import ArgumentParser
import DNSWire
import Harness
import Lab
import NodeLocal
import Scenario

/// `nldns bench`: load on one target.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure latencies of one target under load.",
        discussion: """
            --rate is an open loop: queries are sent when they are due, whatever the answers do, and latency counts from \
            that moment. --outstanding is a closed window: a query is sent when one is answered; its latencies leave out \
            what a stalled server keeps from being sent.

            Outside the lab, more than 1,000 queries a second, and a closed window at an address that is not loopback, \
            need --allow-load.
            """
    )

    @Option(help: ArgumentHelp("Whom to ask; 169.254.20.10:53 if not given.", valueName: "address:port"))
    var target: Endpoint?

    @OptionGroup(title: "Load") var shape: LoadShapeFlags
    @OptionGroup(title: "Questions") var questions: QuestionFlags
    @OptionGroup(title: "Lookups") var lookup: LookupFlags
    @OptionGroup(title: "Path") var path: LoadPathFlags

    @Flag(help: "Allow load that could harm a server that others use.")
    var allowLoad = false

    @OptionGroup(title: "Lab") var lab: LabFlags
    @OptionGroup(title: "Node") var node: NodeFlags
    @OptionGroup(title: "Run") var options: RunOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run() async throws {
        let choice = try TargetChoice(target, isLab: lab.lab != nil)
        var text = ScenarioText(
            id: "bench",
            title: "Load on \(choice.endpoint)",
            target: choice.endpoint,
            targetRole: choice.role,
            cluster: nil
        )
        if shape.replay != nil, questions.source.namesQuestions {
            throw Failure(.usage, "--replay sends the queries of the capture; leave out what else names questions")
        }
        text.add(questions.source.workloadLines)
        text.add(["steps:", "  - load:", "      target: target"])
        if shape.replay == nil { text.add("      " + questions.source.workloadLine) }
        text.add((questions.stepLines + shape.stepLines + lookup.stepLines + path.stepLines).map { "      " + $0 })
        let plan = try text.plan()
        try refuseHarm(choice.endpoint.address, plan)
        try await Measurement(plan: plan, run: options, output: output, lab: lab, node: node).perform()
    }

    /// Refuses what a server that others use may not bear, unless the user says that it may.
    private func refuseHarm(_ address: IPAddress, _ plan: Plan) throws {
        guard lab.lab == nil, !allowLoad else { return }
        let most = plan.steps.reduce(0) { most, step in
            if case .load(let load) = step { max(most, load.shape.peakPerSecond) } else { most }
        }
        let queries = most * lookup.queriesPerLookup
        if queries > LoadShapeFlags.harmlessRate {
            throw Failure(
                .usage,
                queries.isInfinite
                    ? "a capture may hold any rate; to send it outside the lab needs --allow-load"
                    : "\(queries) queries a second outside the lab need --allow-load; up to 1000 do not"
            )
        }
        if shape.isPacedByAnswers, !address.isLoopback {
            throw Failure(
                .usage,
                "a closed window at \(address) is as fast as the server lets it be; that needs --allow-load"
            )
        }
    }
}
