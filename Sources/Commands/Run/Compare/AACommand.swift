import ArgumentParser
import Harness
import Lab
import Measure
import Results
import Scenario

/// `nldns aa`: one server against itself.
struct AACommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aa",
        abstract: "Compare a server with itself: what differs is the noise of this machine.",
        discussion: """
            The course is that of nldns ab with a fixed number of pairs. What is found goes into the file of A/A runs, \
            and nldns ab with the same rate, lengths and questions on the same machine takes no margin below it. Five \
            runs make it firm.

              nldns aa --lab --floor results/aa.ndjson
              nldns ab --lab --a ./node-cache-old --b ./node-cache-new --floor results/aa.ndjson

            Exit 0: no difference was found, or (without --strict) it could not be told. Exit 1: a difference was found where there is none, so that the margin is \
            too narrow for this machine. Exit 2: too many pairs were spoilt, or (--strict) it could not be told.
            """
    )

    @Option(
        name: [.customLong("target"), .customLong("a")],
        help: ArgumentHelp(
            "Whom to ask, or in the lab what stands there; 169.254.20.10:53 if not given.",
            valueName: "address:port|file|name"
        )
    )
    var target: ArmFlag?

    @OptionGroup(title: "Comparison") var comparison: ComparisonFlags
    @OptionGroup(title: "Questions") var workload: WorkloadFlags
    @OptionGroup(title: "Lab") var lab: LabFlags
    @OptionGroup(title: "Node") var node: NodeFlags
    @OptionGroup(title: "Run") var options: RunOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        if lab.lab == nil, let target, target.endpoint == nil {
            throw ValidationError("--target is no address; a cache or Corefile stands in the lab only: add --lab.")
        }
    }

    func run() async throws {
        try comparison.refuseHarm(isLab: lab.lab != nil)
        let choice = try TargetChoice(target?.endpoint, isLab: lab.lab != nil)
        var text = ScenarioText(id: "aa", title: "\(choice.endpoint) against itself", a: choice, b: choice)
        text.add(workload.workloadLines)
        text.add(try comparison.stepLines(workload: workload, maximumPairs: comparison.pairs, floors: nil))
        var measurement = Measurement(plan: try text.plan(), run: options, output: output, lab: lab, node: node)
        if let common = try lab.options(seed: options.resolvedSeed, corefile: try node.labCorefile()) {
            measurement.arms = ArmLabs(both: try target?.changing(common) ?? common)
        }
        let floor = comparison.floorFile(resultsFolder: options.resultsDir)
        let isQuiet = output.quiet
        measurement.afterwards = { document in
            guard let record = NoiseFloorRecord(document) else { return }
            guard let file = floor?.file else {
                if !isQuiet { Output.message("the floor is not kept: name a file with --floor") }
                return
            }
            try file.append(record)
            if !isQuiet { Output.message("noise floor: \(file.path)") }
        }
        try await measurement.perform()
    }
}
