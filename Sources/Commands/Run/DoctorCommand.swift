import ArgumentParser
import DNSWire
import Glibc
import Harness
import Lab
import LinuxNet
import Report
import Scenario

/// `nldns doctor`: a read-only look at the node.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look at a node without changing it, and say what is wrong.",
        discussion: """
            What cannot be read is skipped with the reason, never passed. Nothing is written to the node but the files of \
            -o and --results-dir.

            Exit codes: 0 nothing fails; 1 a finding fails; 2 nothing could be judged, or under --strict a finding \
            cannot tell; with --format npd 2 also for whatever keeps the doctor from looking.
            """
    )

    @Option(help: ArgumentHelp("The cache; 169.254.20.10:53 if not given.", valueName: "address:port"))
    var target: Endpoint?

    @Option(help: ArgumentHelp("The cluster DNS behind it; 10.96.0.10:53 if not given.", valueName: "address:port"))
    var cluster: Endpoint?

    @OptionGroup(title: "Look") var look: DoctorFlags
    @OptionGroup(title: "Lab") var lab: LabFlags
    @OptionGroup(title: "Node") var node: NodeFlags
    @OptionGroup(title: "Paths") var paths: DoctorPathFlags
    @OptionGroup(title: "Run") var options: RunOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        _ = try look.resolved(with: output)
        if look.every != nil, options.resultsDir != nil {
            throw ValidationError("--results-dir keeps one look; leave out --every, or write files with -o.")
        }
    }

    func run() async throws {
        let plan = try plan()
        guard !options.dryRun else {
            let measurement = Measurement(plan: plan, run: options, output: output, lab: lab, node: node)
            return try await measurement.perform()
        }
        let format = try look.resolved(with: output)
        do {
            try await perform(plan, format)
        } catch let error where format == .npd && !(error is ExitCode) {
            // node-problem-detector knows three statuses, and shows the one line that is on standard output.
            let failure = (error as? Failure) ?? Failure(translating: error)
            guard let failure, ![.interrupted, .terminated].contains(failure.status) else { throw error }
            try Output.result(DoctorLine.cut("cannot look: \(failure.message)") + "\n")
            throw Failure(.noVerdict, failure.message)
        }
    }

    private func plan() throws -> Plan {
        let choice = try TargetChoice(target, isLab: lab.lab != nil)
        var text = ScenarioText(
            id: "doctor",
            title: "The node of \(choice.endpoint)",
            target: choice.endpoint,
            targetRole: .cache,
            cluster: try TargetChoice.cluster(cluster, isLab: lab.lab != nil) ?? LabLayout.clusterDNS
        )
        text.add("steps:", "  - doctor: {}")
        return try text.plan()
    }

    private func perform(_ plan: Plan, _ format: DoctorFormat?) async throws {
        try lab.enterNamespace()
        let seed = options.resolvedSeed
        var request = RunSession.Request(
            plan: plan,
            executable: Executable.path,
            command: ["nldns"] + CommandLine.arguments.dropFirst(),
            seed: seed,
            tool: BuildInfo.tool
        )
        request.lab = try lab.options(seed: seed, corefile: try node.labCorefile())
        request.isStrict = options.strict
        request.resultsFolder = options.resultsDir
        request.nodeFacts = node.facts
        request.nodeFacts.doctorPaths = try paths.paths()
        let every = try look.everyNanoseconds()
        // What is repeated each minute, or read by a program, wants no progress.
        let isQuiet = output.quiet || every != nil || format == .npd
        let stop = StopFlag()
        let signals = try SignalWatch(stop: stop) { Glibc.exit(128 + $0) }
        let rounds = DoctorRounds(request, stop: stop, progress: ProgressReporter(isQuiet: isQuiet))
        let printer = DoctorPrinter(format: format, output: output, isRepeated: every != nil)
        var last: DoctorLook?
        let folder = try await rounds.run(everyNanoseconds: every) { look in
            try printer.print(look, after: last)
            last = look
        }
        if let folder, !isQuiet { Output.message("result: \(folder)/result.json\nreport: \(folder)/report.html") }
        if let signal = signals.received {
            throw Failure(signal == SIGTERM ? .terminated : .interrupted, every == nil ? "interrupted" : "")
        }
        guard let last else { throw Failure(.noVerdict, "nothing was looked at") }
        throw ExitCode(last.exitStatus(isStrict: options.strict).rawValue)
    }
}
