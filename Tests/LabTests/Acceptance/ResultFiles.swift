import Foundation
import Harness
import Results
import Testing

/// Results in a scratch folder, to drive the commands that read them.
struct ResultFiles {
    let folder: URL

    init() throws { folder = try Nldns.scratchFolder() }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    /// A path in the folder.
    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    /// Writes the gate's sample with a change; its verdict follows from its parts.
    func sample(
        _ name: String = "result.json",
        seed: UInt64 = 20_261_127,
        _ change: (inout ResultDocument) -> Void = { _ in }
    ) throws -> String {
        var document = GateSample.document(seed: seed)
        change(&document)
        (document.verdict, document.reasons) = VerdictRule.judge(document, isStrict: false)
        try document.write(to: path(name))
        return path(name)
    }

    /// Writes a text.
    func text(_ text: String, _ name: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
        return path(name)
    }

    /// Runs the program and expects its status and words in all that it says; nothing may have crashed.
    @discardableResult
    func expect(
        _ status: Int32,
        _ words: [String],
        _ arguments: [String],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Nldns.Outcome {
        let outcome = try Nldns.run(arguments, limitSeconds: 120)
        let said = outcome.output + outcome.messages
        #expect(outcome.status == status, "\(arguments): \(said.prefix(2_000))", sourceLocation: sourceLocation)
        for word in words {
            #expect(
                said.contains(word),
                "\(arguments) says \"\(said.prefix(2_000))\", not \"\(word)\"",
                sourceLocation: sourceLocation
            )
        }
        #expect(!outcome.messages.contains("Fatal error"), sourceLocation: sourceLocation)
        return outcome
    }

    /// A failure is one sentence on one line of standard error, and nothing stands on standard output.
    func expectSentence(
        _ status: Int32,
        _ word: String,
        _ arguments: [String],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let outcome = try expect(status, [word], arguments, sourceLocation: sourceLocation)
        let lines = outcome.messages.split(separator: "\n")
        #expect(lines.count == 1 && outcome.output.isEmpty, "\(outcome.messages)", sourceLocation: sourceLocation)
    }
}
