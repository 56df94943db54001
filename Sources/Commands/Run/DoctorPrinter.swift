import Harness
import Report
import Results

/// Prints looks of the doctor and writes the files that were asked for.
struct DoctorPrinter {
    /// What is printed; nil when a format of `-o` goes to standard output.
    let format: DoctorFormat?
    let output: OutputOptions
    /// Whether look follows look.
    let isRepeated: Bool

    /// Prints a look.
    ///
    /// - Parameter before: the look before it, or nil for the first.
    func print(_ look: DoctorLook, after before: DoctorLook?) throws {
        try output.write(look.document)
        switch format {
        case nil: return
        case .text:
            let report = DoctorReport(
                color: Output.allowsColor(output.noColor),
                width: Output.width,
                unicode: Output.allowsUnicode
            )
            guard let before else { return try Output.result(report.whole(look.entries, of: look.document)) }
            try Output.result(report.change(look.entries, since: before.entries, of: look.document))
        case .json:
            let document = isRepeated ? try look.document.jsonLine() : try look.document.json()
            try Output.result(String(decoding: document, as: UTF8.self))
        case .npd: try Output.result(DoctorLine.render(look.entries) + "\n")
        case .prometheus: try Output.result(PrometheusReport.render(look.document))
        }
    }
}
