import ArgumentParser
import Harness
import Lab
import LinuxNet
import Measure
import Results
import Scenario

/// `nldns ab`: two servers, measured in turns.
struct ABCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ab",
        abstract: "Compare two servers, caches or Corefiles in interleaved pairs of segments.",
        discussion: """
            A is the reference, B the candidate. Segments alternate in ABBA order drawn from the seed, so that drift of \
            the machine hits both. The run ends when every metric is decided, or after --max-pairs.

              nldns ab --a 10.96.0.10:53 --b 169.254.20.10:53
              nldns ab --lab --a ./node-cache-old --b ./node-cache-new
              nldns ab --lab --cache-binary ./node-cache --a Corefile.old --b Corefile.new

            In the lab each side is a cache binary, a Corefile, a cache by name, or an address of the lab; what both have \
            in common is said by the lab's own options. Measure what this machine makes of nothing first: nldns aa.

            Exit 0: nothing is worse, or it could not be told (--strict: then 2). Exit 1: B is worse. Exit 2: nothing to \
            compare, or too many pairs were spoilt.
            """
    )

    @Option(help: ArgumentHelp("The reference.", valueName: "address:port|file|name"))
    var a: ArmFlag?

    @Option(help: ArgumentHelp("The candidate.", valueName: "address:port|file|name"))
    var b: ArmFlag?

    @Option(
        help: ArgumentHelp("Lab: a defect of the reference cache on side A; repeatable.", valueName: "name"),
        transform: LabFlags.defect
    )
    var aDefect: [CacheDefect] = []

    @Option(
        help: ArgumentHelp("Lab: a defect of the reference cache on side B; repeatable.", valueName: "name"),
        transform: LabFlags.defect
    )
    var bDefect: [CacheDefect] = []

    @Option(
        help: ArgumentHelp(
            "Pairs that are measured when the planned ones decide nothing; five thirds of them if not given, and as many for a fixed number.",
            valueName: "count"
        )
    )
    var maxPairs: Int?

    @OptionGroup(title: "Comparison") var comparison: ComparisonFlags
    @OptionGroup(title: "Questions") var workload: WorkloadFlags
    @OptionGroup(title: "Lab") var lab: LabFlags
    @OptionGroup(title: "Node") var node: NodeFlags
    @OptionGroup(title: "Run") var options: RunOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        if let maxPairs, maxPairs < comparison.pairs || maxPairs > 1_000 {
            throw ValidationError("--max-pairs takes --pairs (\(comparison.pairs)) to 1000.")
        }
        guard lab.lab == nil else { return }
        if !aDefect.isEmpty || !bDefect.isEmpty {
            throw ValidationError("--a-defect and --b-defect work in the lab only; add --lab.")
        }
        guard a != nil, b != nil else {
            throw ValidationError("Name both sides, --a and --b, or add --lab.")
        }
        for (flag, side) in [("--a", a), ("--b", b)] where side?.endpoint == nil {
            throw ValidationError("\(flag) is no address; a cache or Corefile stands in the lab only: add --lab.")
        }
    }

    func run() async throws {
        try comparison.refuseHarm(isLab: lab.lab != nil)
        let (first, second) = (
            try TargetChoice(a?.endpoint, isLab: lab.lab != nil), try TargetChoice(b?.endpoint, isLab: lab.lab != nil)
        )
        let labs = try armLabs(areSameServer: first.endpoint == second.endpoint)
        let draft = try plan(first, second, floors: nil)
        let site = labs?.a.noiseLabel ?? "node"
        var notes: [String] = []
        let floors = try knownFloors(draft, site: site, notes: &notes)
        var measurement = Measurement(
            plan: floors == nil ? draft : try plan(first, second, floors: floors),
            run: options,
            output: output,
            lab: lab,
            node: node
        )
        measurement.arms = labs
        measurement.notes = notes
        try await measurement.perform()
    }

    private func armLabs(areSameServer: Bool) throws -> ArmLabs? {
        guard let common = try lab.options(seed: options.resolvedSeed, corefile: try node.labCorefile()) else {
            return nil
        }
        var (first, second) = (try a?.changing(common) ?? common, try b?.changing(common) ?? common)
        first.defects += aDefect
        second.defects += bDefect
        return try ArmLabs(first, second, areSameServer: areSameServer)
    }

    private func plan(_ first: TargetChoice, _ second: TargetChoice, floors: NoiseFloors?) throws -> Plan {
        var text = ScenarioText(
            id: "ab",
            title: "\(second.endpoint) against \(first.endpoint)",
            a: first,
            b: second
        )
        text.add(workload.workloadLines)
        text.add(
            try comparison.stepLines(
                workload: workload,
                maximumPairs: maxPairs ?? (comparison.pairs * 5 + 2) / 3,
                floors: floors
            )
        )
        return try text.plan()
    }

    /// The noise floors that hold for this run, if anybody measured them.
    private func knownFloors(_ plan: Plan, site: String, notes: inout [String]) throws -> NoiseFloors? {
        var records: [NoiseFloorRecord] = []
        if let (file, isNamed) = comparison.floorFile(resultsFolder: options.resultsDir) {
            do throws(ResultError) {
                records = try file.records()
            } catch {
                guard case .missing = error, !isNamed else { throw error }
            }
        }
        guard let conditions = ComparisonDesign.conditions(of: plan, site: site) else { return nil }
        let floors = NoiseFloors(
            records,
            fingerprint: EnvironmentProbe.read().fingerprint,
            conditions: conditions
        )
        guard floors.runs > 0 else {
            let others = records.isEmpty ? "" : " (\(records.count) in the file are of another machine or layout)"
            notes.append(
                "No A/A run of this machine under these conditions is known\(others): margins are the standard ones;"
                    + " nldns aa measures what they should not be below."
            )
            return nil
        }
        let runs = "\(floors.runs) A/A run\(floors.runs == 1 ? "" : "s")"
        notes.append(
            "No margin is below what \(runs) found on this machine"
                + (floors.runs < NoiseFloor.firmRuns ? "; \(NoiseFloor.firmRuns) make that firm." : ".")
        )
        return floors
    }
}
