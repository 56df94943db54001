import ArgumentParser
import DNSWire
import Harness
import Lab
import Scenario

/// `nldns doctor`: a read-only look at the node.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look at a node without changing it, and say what is wrong.",
        discussion: "What cannot be read is skipped with the reason, never passed."
    )

    @Option(help: ArgumentHelp("The cache; 169.254.20.10:53 if not given.", valueName: "address:port"))
    var target: Endpoint?

    @Option(help: ArgumentHelp("The cluster DNS behind it; 10.96.0.10:53 if not given.", valueName: "address:port"))
    var cluster: Endpoint?

    @OptionGroup(title: "Lab") var lab: LabFlags
    @OptionGroup(title: "Node") var node: NodeFlags
    @OptionGroup(title: "Paths") var paths: DoctorPathFlags
    @OptionGroup(title: "Run") var options: RunOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run() async throws {
        let choice = try TargetChoice(target, isLab: lab.lab != nil)
        var text = ScenarioText(
            id: "doctor",
            title: "The node of \(choice.endpoint)",
            target: choice.endpoint,
            targetRole: .cache,
            cluster: cluster ?? LabLayout.clusterDNS
        )
        text.add("steps:", "  - doctor: {}")
        let plan = try text.plan()
        var measurement = Measurement(
            plan: plan,
            run: options,
            output: output,
            lab: lab,
            node: node,
            probesTargets: false
        )
        measurement.doctorPaths = try paths.paths()
        try await measurement.perform()
    }
}
