/// The keys that each mapping of a scenario may have; `Scenarios/schema.json` has the same, and a test compares them.
enum ScenarioKeys: String, CaseIterable {
    case scenario
    case target
    case expect
    case workload
    case mix
    case names
    case step
    case check
    case prove
    case load
    case burst
    case replay
    case findMax = "find-max"
    case lookup
    case compare
    case doctor
    case gate

    /// The keys, in the order of documentation.
    var keys: [String] {
        switch self {
        case .scenario:
            ["version", "id", "title", "description", "targets", "expect", "workloads", "steps", "gates"]
        case .target: ["address", "role"]
        case .expect: ["corefile", "profile"]
        case .workload:
            [
                "kind", "file", "mix", "zipf", "population", "types", "search", "ndots", "names", "services",
                "names-file",
            ]
        case .mix, .names: WorkloadPart.allCases.map(\.rawValue)
        case .step: StepKind.allCases.map(\.rawValue)
        case .check: ["target", "sections", "ids", "tiers", "strict"]
        case .prove: ["target", "proofs", "misses", "repeats"]
        case .load:
            ["target", "workload", "phase", "lookup"] + StepReader.loadPhaseKeys + StepReader.loadQuestionKeys
                + StepReader.loadShapeKeys
                + StepReader.loadPathKeys
        case .burst: ["size", "every"]
        case .replay: ["file", "speed"]
        case .findMax: ["loss", "p99", "servfail", "max-rate", "trial", "confirm"]
        case .lookup: ["resolver", "resolv-conf", "nameservers", "search", "ndots", "options"]
        case .compare:
            [
                "a", "b", "workload", "transport", "rate", "pairs", "max-pairs", "segment", "settle", "warmup",
                "connections", "timeout", "cache", "neighbours", "gate", "margins", "noise-floors",
            ]
        case .doctor: []
        case .gate: ["expression", "reason"]
        }
    }

    /// The mapping's name in a diagnostic.
    var subject: String {
        switch self {
        case .scenario: "a scenario"
        case .target: "a target"
        case .expect: "'expect'"
        case .workload: "a workload"
        case .burst: "'burst'"
        case .replay: "'replay'"
        case .findMax: "'find-max'"
        case .mix: "a mix"
        case .names: "'names'"
        case .lookup: "'lookup'"
        case .step: "'steps'"
        case .check, .prove, .load, .compare, .doctor: "a \(rawValue) step"
        case .gate: "a gate"
        }
    }
}
