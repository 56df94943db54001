package import Results

/// A format in which a result can be written.
package enum ReportFormat: String, CaseIterable, Sendable {
    case json, html, markdown, text, junit, tap, sonobuoy, prometheus, csv, hlog, hgrm
    case githubAnnotations = "github-annotations"
    case githubSummary = "github-summary"

    /// The result in this format.
    ///
    /// - Parameters:
    ///   - document: The result.
    ///   - history: Earlier runs, which the page shows.
    package func render(_ document: ResultDocument, history: [PastRun] = []) throws(ResultError) -> [UInt8] {
        switch self {
        case .json: try document.json()
        case .html: Array(HTMLReport.render(document, history: history).utf8)
        case .markdown: Array(MarkdownReport.render(document).utf8)
        case .text: Array(TerminalReport.render(document, color: false, width: 100).utf8)
        case .junit: Array(JUnitReport.render(document).utf8)
        case .tap: Array(TAPReport.render(document).utf8)
        case .sonobuoy: Array(SonobuoyReport.render(document).utf8)
        case .prometheus: Array(PrometheusReport.render(document).utf8)
        case .csv: Array(CSVReport.render(document).utf8)
        case .hlog: Array(HistogramLogReport.render(document).utf8)
        case .hgrm: Array(PercentileTextReport.render(document).utf8)
        case .githubAnnotations: Array(AnnotationReport.render(document).utf8)
        case .githubSummary: Array(MarkdownReport.render(document, for: .stepSummary).utf8)
        }
    }
}
