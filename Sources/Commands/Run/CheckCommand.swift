import ArgumentParser
import Conformance
import DNSWire
import Harness
import Lab
import Results
import Scenario

/// `nldns check`: conformance checks on one target.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a cache against the DNS and Kubernetes specifications.",
        discussion: """
            Outside the lab only checks of the tiers 0 to 2 run: they are safe on a live node. A check that needs what \
            is not here (a capture, a metrics page) is skipped with the reason.
            """
    )

    @Option(help: ArgumentHelp("Whom to check; 169.254.20.10:53 if not given.", valueName: "address:port"))
    var target: Endpoint?

    @Option(help: ArgumentHelp("The cluster DNS behind it, for comparison.", valueName: "address:port"))
    var cluster: Endpoint?

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Only these sections, such as HDR.", valueName: "section"))
    var section: [String] = []

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Only these checks, such as HDR-01.", valueName: "id"))
    var id: [String] = []

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Only these tiers, 0 to 3.", valueName: "tier"))
    var tier: [Int] = []

    @Option(
        help: ArgumentHelp(
            "Judge by this profile, such as coredns-1.13 or coredns-1.14.4, whatever the cache says it is.",
            valueName: "id"
        )
    )
    var profile: String?

    @Option(
        help: ArgumentHelp(
            "Take the checks from the YAML files of this folder instead of the built-in ones.",
            valueName: "folder"
        )
    )
    var checks: String?

    @Flag(help: "List the selected checks and do nothing.")
    var list = false

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Explain these checks and run none: requirement, sources, assertions, known deviations. Without an id, run, and show the octets sent and received of each check that did not pass.",
            valueName: "id"
        )
    )
    var explain: [String] = []

    @OptionGroup(title: "Lab") var lab: LabFlags
    @OptionGroup(title: "Lab") var trial: TrialFlags
    @OptionGroup(title: "Node") var node: NodeFlags
    @OptionGroup(title: "Run") var options: RunOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    /// What a bare `--explain` stands for.
    static let explainsFailures = "failures"

    func validate() throws { try trial.requireLab(lab) }

    func run() async throws {
        let catalogue = try catalogue()
        let explained = explain.filter { $0 != Self.explainsFailures }
        guard explained.isEmpty else { return try printExplanations(of: explained, catalogue) }
        let selected = try catalogue.select(CheckSelection(sections: section, ids: id))
            .filter { tier.isEmpty || tier.contains($0.tier.rawValue) }
        guard !selected.isEmpty else { throw Failure(.noVerdict, "no check is selected") }
        guard !list else { return try printList(selected) }
        let choice = try TargetChoice(target, isLab: lab.lab != nil)
        let tiers = tier.isEmpty ? (lab.lab == nil ? [0, 1, 2] : [0, 1, 2, 3]) : tier
        var text = ScenarioText(
            id: "check",
            title: "Checks of \(choice.endpoint)",
            target: choice.endpoint,
            targetRole: choice.role,
            cluster: try TargetChoice.cluster(cluster, isLab: lab.lab != nil)
        )
        text.add("steps:", "  - check:", "      target: target", "      tiers: \(tiers)")
        text.add(
            "      sections: [\(section.map { $0.uppercased() }.map(ScenarioText.quoted).joined(separator: ", "))]"
        )
        text.add("      ids: [\(id.map { $0.uppercased() }.map(ScenarioText.quoted).joined(separator: ", "))]")
        let plan = try text.plan()
        var measurement = Measurement(
            plan: trial.applied(to: plan),
            run: options,
            output: output,
            lab: lab,
            node: node,
            explains: !explain.isEmpty
        )
        measurement.catalogue = catalogue
        measurement.captureLosesOneIn = trial.captureLoss
        try await measurement.perform(profile: profile)
    }

    private func catalogue() throws -> CheckCatalogue {
        guard let checks else { return try CheckCatalogue.builtin() }
        return try CheckCatalogue(files: TextFile.folder(checks, suffix: ".yaml", what: "a folder of checks"))
    }

    private func printExplanations(of ids: [String], _ catalogue: CheckCatalogue) throws {
        let checks = try catalogue.select(CheckSelection(sections: [], ids: ids))
        let pages = checks.map { $0.explanation.joined(separator: "\n") + "\n" }
        try Output.result(pages.joined(separator: "\n"))
    }

    private func printList(_ checks: [CheckDefinition]) throws {
        if output.json {
            let records = checks.map { check -> JSONValue in
                .object([
                    "id": .string(check.id), "section": .string(check.section), "title": .string(check.title),
                    "severity": .string(check.severity.rawValue), "tier": .integer(Int64(check.tier.rawValue)),
                    "requirement": .string(check.requirement), "source": .string(check.source),
                ])
            }
            let text = try JSONValue.object(["checks": .array(records)]).text()
            return try Output.result(text + "\n")
        }
        for check in checks {
            let id = check.id + String(repeating: " ", count: max(0, 8 - check.id.count))
            try Output.result("\(id) tier \(check.tier.rawValue)  \(check.title)  [\(check.source)]\n")
        }
    }
}
