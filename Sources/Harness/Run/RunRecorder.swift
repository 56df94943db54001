import LinuxNet
package import Results
import Synchronization

/// The result document while a run goes on: each stage adds its part as soon as it has it, so an interruption loses
/// nothing that was measured.
package final class RunRecorder: Sendable {
    private let document: Mutex<ResultDocument>

    /// Starts a document whose status is `aborted` until ``finish(status:isStrict:)`` says otherwise.
    package init(tool: ToolRecord, command: [String], seed: UInt64, targets: [TargetRecord], scenario: ScenarioRecord?)
    {
        let now = Timestamp(realtimeNanoseconds: Clock.realtimeNanoseconds())
        var document = ResultDocument(
            status: .aborted,
            verdict: .inconclusive,
            started: now,
            ended: now,
            seed: seed,
            tool: tool,
            environment: EnvironmentProbe().record(),
            targets: targets
        )
        document.command = command
        document.scenario = scenario
        self.document = Mutex(document)
    }

    /// Starts a document that repeats what another began with: the machine, the command, the notes.
    package init(repeating begun: ResultDocument) {
        var document = begun
        document.started = Timestamp(realtimeNanoseconds: Clock.realtimeNanoseconds())
        document.ended = document.started
        self.document = Mutex(document)
    }

    /// The document as it stands.
    package var snapshot: ResultDocument { document.withLock { $0 } }

    /// Changes the document; stages call this when they have something.
    package func record(_ change: (inout ResultDocument) -> Void) {
        document.withLock { change(&$0) }
    }

    /// Adds a sentence for the reader.
    package func note(_ text: String) {
        document.withLock { $0.notes = ($0.notes ?? []) + [text] }
    }

    /// Sets the end, the status and the verdict, and gives the finished document.
    package func finish(status: RunStatus, isStrict: Bool) -> ResultDocument {
        document.withLock { document in
            document.ended = Timestamp(realtimeNanoseconds: Clock.realtimeNanoseconds())
            document.status = status
            let judgement = VerdictRule.judge(document, isStrict: isStrict)
            document.verdict = judgement.verdict
            document.reasons = judgement.reasons
            return document
        }
    }
}
