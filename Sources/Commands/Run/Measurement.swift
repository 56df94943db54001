import ArgumentParser
import Conformance
import Glibc
import Harness
import Lab
import LinuxNet
import Report
import Results
import Scenario

/// The common course of the commands that measure: plan, session, output, exit status.
struct Measurement {
    let plan: Plan
    let run: RunOptions
    let output: OutputOptions
    let lab: LabFlags
    let node: NodeFlags
    var capturePath: String?
    var explains = false
    var probesTargets = true
    /// The checks to choose from instead of the built-in ones.
    var catalogue: CheckCatalogue?
    /// One captured frame in so many is thrown away; nil keeps all.
    var captureLosesOneIn: UInt64?
    /// What stands in the labs of a comparison, where that is not what the flags of one lab say.
    var arms: ArmLabs?
    /// Sentences for the reader of the result.
    var notes: [String] = []
    /// Is given the finished document before the program ends.
    var afterwards: ((ResultDocument) throws -> Void)?

    /// Runs the plan and ends with its exit status.
    func perform(profile: String? = nil) async throws {
        let seed = run.resolvedSeed
        if run.dryRun {
            let files = try DataFileContents.read(plan, seed: seed)
            if !output.quiet { for line in files.map(\.sentence) + notes { Output.message(line) } }
            let found = files.map { ($0.workload, $0.resolved) }
            try Output.result(plan.resolved(adding: Dictionary(uniqueKeysWithValues: found)).json + "\n")
            return
        }
        try lab.enterNamespace()
        var request = RunSession.Request(
            plan: plan,
            executable: Executable.path,
            command: ["nldns"] + CommandLine.arguments.dropFirst(),
            seed: seed,
            tool: BuildInfo.tool
        )
        request.lab = try arms?.a ?? lab.options(seed: seed, corefile: try node.labCorefile())
        request.candidateLab = arms?.b
        request.notes = notes
        request.isStrict = run.strict
        request.resultsFolder = run.resultsDir
        request.capturePath = capturePath
        request.nodeFacts = node.facts
        request.profile = profile
        request.probesTargets = probesTargets
        request.explains = explains
        request.catalogue = catalogue
        request.captureLosesOneIn = captureLosesOneIn
        request.keepsIntervalHistograms = output.output.contains { $0.format == .hlog }
        let progress = ProgressReporter(isQuiet: output.quiet)
        let stop = StopFlag()
        let signals = try SignalWatch(stop: stop) { Glibc.exit(128 + $0) }
        let outcome = try await RunSession(request, stop: stop, progress: progress).run()
        if output.json || outcome.hasFigures { try output.emit(outcome.document) }
        try afterwards?(outcome.document)
        if let folder = outcome.folder, !output.quiet {
            Output.message("result: \(folder)/result.json\nreport: \(folder)/report.html")
        }
        if let signal = signals.received {
            throw Failure(signal == SIGTERM ? .terminated : .interrupted, "interrupted; what was measured is kept")
        }
        if let failure = outcome.failure { throw failure }
        throw ExitCode(VerdictRule.exitStatus(outcome.document, isStrict: run.strict).rawValue)
    }
}
