import ArgumentParser
import Harness
import Scenario

/// `nldns run`: a whole scenario.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a whole scenario and end in a verdict.",
        discussion: """
            SCENARIO is a built-in name (nldns scenario list) or the path of a YAML file. With --lab everything happens \
            on this machine, in network namespaces that are gone afterwards.
            """
    )

    @Argument(help: "A built-in name or a path.")
    var scenario = "pre-rollout"

    @OptionGroup(title: "Lab") var lab: LabFlags
    @OptionGroup(title: "Lab") var trial: TrialFlags
    @OptionGroup(title: "Node") var node: NodeFlags
    @OptionGroup(title: "Run") var options: RunOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    @Option(help: ArgumentHelp("Write all captured frames to a pcap file.", valueName: "path"))
    var write: String?

    func validate() throws { try trial.requireLab(lab) }

    func run() async throws {
        let plan = trial.applied(to: try Scenario.load(scenario))
        var measurement = Measurement(
            plan: plan,
            run: options,
            output: output,
            lab: lab,
            node: node,
            capturePath: write
        )
        measurement.captureLosesOneIn = trial.captureLoss
        try await measurement.perform()
    }
}
