import ArgumentParser
import Harness
import Report
import Results

/// One `FORMAT=PATH` of `--output`; the path `-` is standard output.
struct OutputFile: ExpressibleByArgument {
    let format: ReportFormat
    let path: String

    init?(argument: String) {
        guard let equals = argument.firstIndex(of: "="),
            let format = ReportFormat(rawValue: String(argument[..<equals]))
        else { return nil }
        self.format = format
        path = String(argument[argument.index(after: equals)...])
        if path.isEmpty { return nil }
    }

    /// Whether it takes the place of the summary on standard output.
    var isStandardOutput: Bool { path == "-" }
}

/// Where results go and how much is said on the way.
struct OutputOptions: ParsableArguments {
    @Flag(name: .long, help: "Print the result document as JSON, and nothing else, on standard output.")
    var json = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Write the result in a format to a file, or to standard output for the path \"-\": json, html, junit, tap, sonobuoy, markdown, prometheus, text, csv (the series), hlog or hgrm (HdrHistogram), github-annotations or github-summary; repeatable.",
            valueName: "format=path"
        )
    )
    var output: [OutputFile] = []

    @Flag(name: .shortAndLong, help: "Say nothing but the result and errors.")
    var quiet = false

    @Flag(name: .long, help: "Use no colour; so does the environment variable NO_COLOR.")
    var noColor = false

    func validate() throws {
        let printed = output.filter(\.isStandardOutput)
        guard printed.count + (json ? 1 : 0) <= 1 else {
            throw ValidationError("only one format can go to standard output; write the others to files")
        }
    }

    /// Writes the files that were asked for and prints the result.
    func emit(_ document: ResultDocument) throws {
        try write(document)
        if json {
            try Output.result(String(decoding: try document.json(), as: UTF8.self))
        } else if !output.contains(where: \.isStandardOutput) {
            try Output.summary(of: document, noColor: noColor)
        }
    }

    /// Writes the formats that were asked for.
    func write(_ document: ResultDocument, history: [PastRun] = []) throws {
        for file in output {
            let contents = try file.format.render(document, history: history)
            if file.isStandardOutput {
                try Output.result(String(decoding: contents, as: UTF8.self))
            } else {
                try DurableFile.write(contents, to: file.path)
            }
        }
    }
}
