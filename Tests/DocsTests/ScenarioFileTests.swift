import Foundation
import Scenario
import Testing

@Suite("Scenario files")
struct ScenarioFileTests {
    @Test("every file in Scenarios loads into a plan that bears the file's name")
    func files() throws {
        #expect(!Repository.scenarios.isEmpty)
        for file in Repository.scenarios {
            let plan = try Scenario.load(file.path)
            #expect(plan.id == file.deletingPathExtension().lastPathComponent)
        }
    }

    @Test("the scenarios inside the binary are the files in Scenarios")
    func builtins() throws {
        let files = Set(Repository.scenarios.map { $0.deletingPathExtension().lastPathComponent })
        #expect(files == Set(Scenario.builtinNames))
        for file in Repository.scenarios {
            let name = file.deletingPathExtension().lastPathComponent
            #expect(try Scenario.load(name).text == (try Scenario.load(file.path).text), "\(name)")
        }
    }

    @Test("every scenario that the documentation shows loads")
    func shown() throws {
        for document in Repository.documents {
            let name = String(document.path.dropFirst(Repository.root.path.count + 1))
            for block in MarkdownBlock.all(in: try String(contentsOf: document, encoding: .utf8), marked: "scenario") {
                let plan = try Scenario.parse(Array(block.text.utf8), file: "\(name):\(block.line)")
                #expect(!plan.steps.isEmpty)
            }
        }
    }
}
