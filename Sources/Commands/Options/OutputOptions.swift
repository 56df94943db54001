import ArgumentParser
import Harness
import Report
import Results

/// A format in which a result can be written to a file.
enum ReportFormat: String, CaseIterable {
    case json, html, junit, tap, sonobuoy, markdown, prometheus, text, csv, hlog, hgrm

    /// The result in this format.
    func render(_ document: ResultDocument) throws -> [UInt8] {
        switch self {
        case .json: try document.json()
        case .html: Array(HTMLReport.render(document).utf8)
        case .junit: Array(JUnitReport.render(document).utf8)
        case .tap: Array(TAPReport.render(document).utf8)
        case .sonobuoy: Array(SonobuoyReport.render(document).utf8)
        case .markdown: Array(MarkdownReport.render(document).utf8)
        case .prometheus: Array(PrometheusReport.render(document).utf8)
        case .csv: Array(CSVReport.render(document).utf8)
        case .hlog: Array(HistogramLogReport.render(document).utf8)
        case .hgrm: Array(PercentileTextReport.render(document).utf8)
        case .text: Array(TerminalReport.render(document, color: false, width: 100).utf8)
        }
    }
}

/// One `FORMAT=PATH` of `--output`.
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
}

/// Where results go and how much is said on the way.
struct OutputOptions: ParsableArguments {
    @Flag(name: .long, help: "Print the result document as JSON, and nothing else, on standard output.")
    var json = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Write the result in a format to a file: json, html, junit, tap, sonobuoy, markdown, prometheus, text, csv (the series), hlog or hgrm (HdrHistogram); repeatable.",
            valueName: "format=path"
        )
    )
    var output: [OutputFile] = []

    @Flag(name: .shortAndLong, help: "Say nothing but the result and errors.")
    var quiet = false

    @Flag(name: .long, help: "Use no colour; so does the environment variable NO_COLOR.")
    var noColor = false

    /// Writes the files that were asked for and prints the result.
    func emit(_ document: ResultDocument) throws {
        for file in output { try DurableFile.write(try file.format.render(document), to: file.path) }
        if json {
            try Output.result(String(decoding: try document.json(), as: UTF8.self))
        } else {
            let color = Output.allowsColor(noColor)
            try Output.result(TerminalReport.render(document, color: color, width: Output.width))
        }
    }
}
