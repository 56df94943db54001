import ArgumentParser
import Scenario

/// Where the questions of a load come from.
struct WorkloadFlags: ParsableArguments {
    @Option(help: ArgumentHelp("Questions in dnsperf's format, a name and a type a line.", valueName: "file"))
    var data: String?

    @Option(help: ArgumentHelp("Whole messages, each behind its length in two octets.", valueName: "file"))
    var binaryData: String?

    @Option(help: ArgumentHelp("A workload by name: kubernetes.", valueName: "name"))
    var workload: String?

    @Option(
        help: ArgumentHelp(
            "Ask for the Services of a cluster: what kubectl get services,endpointslices -A -o json prints.",
            valueName: "file"
        )
    )
    var serviceList: String?

    @Option(help: ArgumentHelp("Ask for these names: PART NAME a line, or a Service's name alone.", valueName: "file"))
    var names: String?

    func validate() throws {
        let sources = [("--data", data != nil), ("--binary-data", binaryData != nil), ("--workload", workload != nil)]
            .filter(\.1).map(\.0)
        if sources.count > 1 { throw ValidationError("\(sources[0]) and \(sources[1]) exclude each other; give one.") }
        if data != nil || binaryData != nil, serviceList != nil || names != nil {
            throw ValidationError(
                "--service-list and --names give names, and a data file whole questions; give one of them."
            )
        }
        if let workload, workload != WorkloadPlan.kubernetes.name {
            throw ValidationError("There is no workload \"\(workload)\"; there is kubernetes, or give --data FILE.")
        }
    }

    /// The scenario's part `workloads`, if one must be defined.
    var workloadLines: [String] {
        if let data { return ["workloads:", "  given: { kind: data-file, file: \(ScenarioText.quoted(data)) }"] }
        if serviceList != nil || names != nil {
            let files = [
                serviceList.map { "services: \(ScenarioText.quoted($0))" },
                names.map { "names-file: \(ScenarioText.quoted($0))" },
            ].compactMap { $0 }
            return ["workloads:", "  given: { \(files.joined(separator: ", ")) }"]
        }
        guard let binaryData else { return [] }
        return ["workloads:", "  given: { kind: binary-data-file, file: \(ScenarioText.quoted(binaryData)) }"]
    }

    /// Whether questions are named; a replay brings its own.
    var namesQuestions: Bool { workload != nil || !workloadLines.isEmpty }

    /// The workload of a step.
    var workloadLine: String { "workload: \(workloadLines.isEmpty ? WorkloadPlan.kubernetes.name : "given")" }
}
