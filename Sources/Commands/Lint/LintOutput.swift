import ArgumentParser
import Doctor
import Harness
import Report
import Results

/// A format in which lint's findings can be written.
enum LintFormat: String, CaseIterable {
    case text, json, sarif
    case githubAnnotations = "github-annotations"

    /// The findings in this format.
    func render(_ result: LintResult) throws -> String {
        switch self {
        case .text: LintText.render(result)
        case .json: try LintJSON.render(result)
        case .sarif: try LintSARIF.render(result)
        case .githubAnnotations: LintAnnotations.render(result)
        }
    }
}

/// One `FORMAT=PATH` of `--output`; the path `-` is standard output.
struct LintOutputFile: ExpressibleByArgument {
    let format: LintFormat
    let path: String

    init?(argument: String) {
        guard let equals = argument.firstIndex(of: "="),
            let format = LintFormat(rawValue: String(argument[..<equals]))
        else { return nil }
        self.format = format
        path = String(argument[argument.index(after: equals)...])
        if path.isEmpty { return nil }
    }
}

/// Where findings go.
struct LintOutput: ParsableArguments {
    @Flag(name: .long, help: "Print the findings as JSON (nldns.lint/1), and nothing else, on standard output.")
    var json = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Write the findings in a format to a file, or to standard output for the path \"-\": text, json, sarif or github-annotations; repeatable.",
            valueName: "format=path"
        )
    )
    var output: [LintOutputFile] = []

    @Flag(name: .shortAndLong, help: "Print nothing but errors.")
    var quiet = false

    @Flag(name: .long, help: "Use no colour; so does the environment variable NO_COLOR.")
    var noColor = false

    func validate() throws {
        let printed = output.count { $0.path == "-" }
        guard printed + (json ? 1 : 0) <= 1 else {
            throw ValidationError("only one format can go to standard output; write the others to files")
        }
    }

    /// Writes the files that were asked for and prints the findings.
    func emit(_ result: LintResult) throws {
        for file in output {
            let text = try file.format.render(result)
            if file.path == "-" {
                try Output.result(text)
            } else {
                try DurableFile.write(Array(text.utf8), to: file.path)
            }
        }
        if json {
            try Output.result(LintJSON.render(result))
        } else if !output.contains(where: { $0.path == "-" }) {
            let color = Output.allowsColor(noColor)
            try Output.result(LintText.render(result, least: quiet ? .error : .note, color: color))
        }
    }
}
