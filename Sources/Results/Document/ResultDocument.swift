/// What every command writes: one run, with all that is needed to judge and to repeat it (`nldns.result/1`).
///
/// Key names are those of the schema in `results/schema/` and never change within a major version. Times are integers
/// in nanoseconds, rates are per second, loss is a fraction. A section that was not run is absent, not empty.
package struct ResultDocument: Codable, Sendable, Equatable {
    /// The schema that this program writes.
    package static let currentSchema = "nldns.result/1"
    /// Additions within the major version.
    package static let currentMinor = 0

    /// Name and major version of the schema.
    package var schema = ResultDocument.currentSchema
    /// Additions within the major version; readers ignore keys that they do not know.
    package var schemaMinor: Int? = ResultDocument.currentMinor
    /// Whether the run came to its end, and whether it may be believed.
    package var status: RunStatus
    /// What the run says.
    package var verdict: RunVerdict
    /// Why, in sentences that name their evidence; the first one is the headline.
    package var reasons: [String]?
    /// When the run began.
    package var started: Timestamp
    /// When the run ended.
    package var ended: Timestamp
    /// What all randomness came from.
    package var seed: UInt64
    /// The program that ran.
    package var tool: ToolRecord
    /// The command line that repeats the run, one element an argument.
    package var command: [String]?
    /// The machine that it ran on.
    package var environment: EnvironmentRecord
    /// What was asked for.
    package var scenario: ScenarioRecord?
    /// What was asked.
    package var targets: [TargetRecord]
    /// What was measured under load.
    package var load: [LoadRecord]?
    /// The highest rates that were searched for.
    package var findMax: [FindMaxRecord]?
    /// What was checked.
    package var checks: [CheckRecord]?
    /// What was captured, and what it proves.
    package var capture: CaptureRecord?
    /// How target B differs from target A.
    package var comparison: ComparisonRecord?
    /// What the gates say.
    package var gate: GateRecord?
    /// The nodes whose results were added up, and those among them that stand out; absent in a result of one run.
    package var fleet: FleetRecord?
    /// Who made this result a baseline; absent in any other result.
    package var promotion: PromotionRecord?
    /// Things that the reader should know, in sentences: what was left out, what limits the run.
    package var notes: [String]?

    /// Creates a document without sections.
    package init(
        status: RunStatus,
        verdict: RunVerdict,
        started: Timestamp,
        ended: Timestamp,
        seed: UInt64,
        tool: ToolRecord,
        environment: EnvironmentRecord,
        targets: [TargetRecord]
    ) {
        self.status = status
        self.verdict = verdict
        self.started = started
        self.ended = ended
        self.seed = seed
        self.tool = tool
        self.environment = environment
        self.targets = targets
    }

    enum CodingKeys: String, CodingKey {
        case schema
        case schemaMinor = "schema_minor"
        case status, verdict, reasons, started, ended, seed, tool, command, environment, scenario, targets
        case findMax = "find_max"
        case load, checks, capture, comparison, gate, fleet, promotion, notes
    }
}
