/// How much of long lists a page shows; the document has everything.
struct PageLimits {
    /// Checks of each status.
    var checks = 600
    /// Characters of a text.
    var text = DisplayText.maximumScalars
    /// Frames of a proof.
    var frames = 40
    /// Gates.
    var gates = 200
    /// Lines of the scenario.
    var scenarioLines = 600
    /// Intervals and pairs in tables.
    var rows = 240
    /// Failures with all that is known of them.
    var failures = 25

    /// What is tried one after the other until the page is small enough.
    static let levels = [
        PageLimits(),
        PageLimits(checks: 250, text: 240, frames: 20, gates: 100, scenarioLines: 200, rows: 120, failures: 20),
        PageLimits(checks: 60, text: 120, frames: 5, gates: 40, scenarioLines: 0, rows: 60, failures: 10),
    ]
}
