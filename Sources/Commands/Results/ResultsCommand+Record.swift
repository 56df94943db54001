import ArgumentParser
import Harness
import Results

extension ResultsCommand {
    /// `nldns results record`: keeps what a run measured in a line.
    struct Record: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Append a line for each result to the history of its class of machines and its scenario.",
            discussion: """
                The line goes to FOLDER/CLASS/SCENARIO.ndjson. nldns gate --history tells when a figure is far from those \
                before it; that is advice and closes no gate.

                Exit 0: recorded, or there already. Exit 2: a result is not complete, or has no scenario or load. Exit 65: it \
                is damaged, or contradicts itself. Exit 66: no such file. Exit 73, 74: the history cannot be written.
                """
        )

        @Argument(help: "Paths of result.json files.")
        var results: [String]

        @Option(help: ArgumentHelp("The folder of the history.", valueName: "folder"))
        var history = HistoryStore.defaultFolder

        func run() throws {
            let store = HistoryStore(folder: history)
            for path in results {
                let document = try ResultDocument.read(path)
                if let finding = ResultVerification.findings(in: document).first {
                    throw Failure(.badInput, "\(path) contradicts itself: \(finding)")
                }
                guard let entry = HistoryEntry(document), let place = store.path(for: document) else {
                    throw Failure(
                        .noVerdict,
                        "\(path) is not complete, or has no scenario or load, so a history has no use for it"
                    )
                }
                let isNew = try store.append(entry, of: document)
                try Output.result("\(place)\(isNew ? "" : ": there already")\n")
            }
        }
    }
}
