import ArgumentParser
import Scenario

/// What `nldns bench` asks.
struct QuestionFlags: ParsableArguments {
    @Option(help: ArgumentHelp("Questions in dnsperf's format, a name and a type a line.", valueName: "file"))
    var data: String?

    @Option(help: ArgumentHelp("A workload by name: kubernetes.", valueName: "name"))
    var workload: String?

    func validate() throws {
        if data != nil, workload != nil { throw ValidationError("--data and --workload exclude each other; give one.") }
        if let workload, workload != WorkloadPlan.kubernetes.name {
            throw ValidationError("There is no workload \"\(workload)\"; there is kubernetes, or give --data FILE.")
        }
    }

    /// The scenario's part `workloads`, if one must be defined.
    var workloadLines: [String] {
        data.map { ["workloads:", "  given: { kind: data-file, file: \(ScenarioText.quoted($0)) }"] } ?? []
    }

    /// The keys of the load step.
    var stepLines: [String] { ["workload: \(data == nil ? WorkloadPlan.kubernetes.name : "given")"] }
}
