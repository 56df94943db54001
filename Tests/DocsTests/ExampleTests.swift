import Foundation
import Testing

@Suite("Examples in the documentation")
struct ExampleTests {
    @Test("a command of ours exists with each of its options", .timeLimit(.minutes(5)))
    func shown() throws {
        for example in Repository.examples where !example.isExecuted { try check(example.text, example) }
    }

    @Test("a marked command runs as it stands and exits 0", .timeLimit(.minutes(15)))
    func executed() throws {
        for example in Repository.examples where example.isExecuted {
            let outcome = try BuiltProgram.run(example.text)
            #expect(outcome.status == 0, "\(example): exit \(outcome.status)\n\(outcome.text.suffix(2_000))")
        }
    }

    @Test("the pipelines show commands of ours")
    func pipelines() {
        #expect(Repository.pipelines.count >= 2)
        for file in Repository.pipelines {
            #expect(Repository.examples.contains { $0.file.hasSuffix(file.lastPathComponent) }, "\(file.path)")
        }
    }

    /// Checks one command line and those behind its pipes.
    private func check(_ line: String, _ example: MarkdownExample) throws {
        let command = CommandWords(line)
        for other in command.others where other.hasPrefix("nldns ") { try check(other, example) }
        guard let program = command.words.first else { return }
        guard program == "nldns" else {
            let script = Repository.root.appendingPathComponent(program).path
            #expect(FileManager.default.isExecutableFile(atPath: script), "\(example): no such script")
            return
        }
        var path: [String] = []
        var page = try BuiltProgram.help([])
        for word in command.words.dropFirst() {
            if word == "help" && path.isEmpty { return }
            guard page.subcommands.contains(word) else { break }
            path.append(word)
            page = try BuiltProgram.help(path)
        }
        // What follows is no subcommand, and the command has one that need not be named.
        if let unnamed = page.defaultSubcommand, command.words.dropFirst(1 + path.count).first != nil {
            path.append(unnamed)
            page = try BuiltProgram.help(path)
        }
        let isGlobal = command.words.dropFirst().first?.hasPrefix("-") ?? true
        #expect(isGlobal || !path.isEmpty, "\(example): no such subcommand")
        // A command with subcommands of its own does nothing by itself; its word must be one of them.
        let next = command.words.dropFirst(1 + path.count).first { !$0.hasPrefix("-") }
        if !path.isEmpty, !page.subcommands.isEmpty, let next {
            Issue.record("\(example): \(path.joined(separator: " ")) has no subcommand \(next)")
        }
        for option in command.options where option != "--help" && option != "-h" {
            #expect(page.options.contains(option), "\(example): \(path.joined(separator: " ")) has no \(option)")
        }
    }
}
