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
            let document = try ResultDocument.read(result)
            let color = Output.allowsColor(noColor)
            try Output.result(TerminalReport.render(document, color: color, width: Output.width))
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
        discussion: "nldns report result.json -o html=report.html -o junit=report.xml"
    )

    @Argument(help: "The path of a result.json.")
    var result: String

    @OptionGroup(title: "Output") var output: OutputOptions

    func run() throws {
        let document = try ResultDocument.read(result)
        guard !output.output.isEmpty else { return try output.emit(document) }
        for file in output.output { try DurableFile.write(try file.format.render(document), to: file.path) }
    }
}
