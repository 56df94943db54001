import ArgumentParser
import Harness
import Report
import Results

/// `nldns results`: look at, verify, add up, and keep stored results.
struct ResultsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "results",
        abstract: "Show, verify, add up and keep stored results.",
        subcommands: [Show.self, Verify.self, Merge.self, Promote.self, Record.self, Schema.self]
    )

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a result as the run that made it did.")

        @Argument(help: "The path of a result.json.")
        var result: String

        @Flag(help: "Use no colour; so does the environment variable NO_COLOR.")
        var noColor = false

        func run() throws {
            try Output.summary(of: try ResultDocument.read(result), noColor: noColor)
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Recompute every derived number of a result from its histograms, counters and pairs.",
            discussion: """
                Percentiles come from the histograms, rates and sums from the counters, comparisons from their pairs, gates \
                from the metrics that they read, the verdict from all of them. Each number that differs is named.

                Exit 0: all agree. Exit 1: at least one differs. Exit 65: no readable result. Exit 66: no such file.
                """
        )

        @Argument(help: "Paths of result.json files.")
        var results: [String]

        func run() throws {
            var isSound = true
            for path in results {
                let document = try ResultDocument.read(path)
                let faults = ResultVerification.findings(in: document) + ResultVerification.gateFindings(in: document)
                isSound = isSound && faults.isEmpty
                for fault in faults { try Output.result("\(path): \(fault)\n") }
                if faults.isEmpty { try Output.result("\(path): every derived number agrees\n") }
            }
            if !isSound { throw ExitCode(ExitStatus.fail.rawValue) }
        }
    }

    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the JSON Schema of results.")

        func run() throws {
            try Output.result(ResultSchema.json)
        }
    }
}

/// `nldns report`: render a stored result.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Render a stored result in other formats.",
        discussion: """
            nldns report result.json -o html=report.html -o junit=report.xml
            nldns report results/*/result.json -o html=report.html

            Of several results the latest is rendered; the page shows the others of the same scenario as its history.
            """
    )

    @Argument(help: ArgumentHelp("The path of a result.json; of several the latest is rendered.", valueName: "result"))
    var results: [String]

    @OptionGroup(title: "Output") var output: OutputOptions

    func run() throws {
        var latest: ResultDocument?
        var history: [PastRun] = []
        for path in results {
            let document = try ResultDocument.read(path)
            guard let known = latest else {
                latest = document
                continue
            }
            let isLater = document.started > known.started
            history.append(PastRun(isLater ? known : document))
            if isLater { latest = document }
        }
        guard let latest else { return }
        if output.output.isEmpty { return try output.emit(latest) }
        try output.write(latest, history: history)
    }
}
