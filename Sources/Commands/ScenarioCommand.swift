import ArgumentParser
import Harness
import Scenario

/// `nldns scenario`: what can be run.
struct ScenarioCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scenario",
        abstract: "List, show and check scenarios.",
        subcommands: [List.self, Show.self, Lint.self]
    )

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the built-in scenarios.")

        func run() throws {
            for name in Scenario.builtinNames {
                let plan = try Scenario.load(name)
                try Output.result("\(name)\(String(repeating: " ", count: max(1, 14 - name.count)))\(plan.title)\n")
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a built-in scenario, to be copied and edited."
        )

        @Argument(help: "The name of a built-in scenario.")
        var name: String

        func run() throws {
            guard let text = Scenario.builtinText(name) else {
                throw Failure(
                    .inputMissing,
                    "there is no built-in scenario \"\(name)\"; there are \(Scenario.builtinNames.joined(separator: ", "))"
                )
            }
            try Output.result(String(decoding: text, as: UTF8.self))
        }
    }

    struct Lint: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Check scenario files without running them.")

        @Argument(help: "Paths or built-in names.")
        var scenarios: [String]

        func run() throws {
            var status = ExitStatus.pass
            for name in scenarios {
                do {
                    let plan = try Scenario.load(name)
                    try Output.result("\(name): \(plan.steps.count) steps, \(plan.gates.count) gates, sound\n")
                } catch let error as ScenarioError {
                    Output.message("\(error)")
                    status = Failure(translating: error)?.status ?? .badScenario
                }
            }
            if status != .pass { throw ExitCode(status.rawValue) }
        }
    }
}
