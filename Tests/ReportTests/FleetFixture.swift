import Measure
import Results

/// A merged result of six nodes, of which one is slow.
enum FleetFixture {
    static func make() throws -> ResultDocument { try merged.get() }

    /// Made once: its histograms take two seconds in a debug build.
    private static let merged = Result {
        try ResultMerge.merge(
            (0..<6).map { ResultMerge.Input(name: "node-\($0)", document: node($0)) },
            command: ["nldns", "results", "merge"]
        )
    }

    private static func node(_ number: Int) -> ResultDocument {
        var document = SampleDocument.short()
        document.comparison = nil
        document.gate = nil
        document.checks = nil
        document.capture = nil
        let base: Int64 = number == 4 ? 2_000_000 : 60_000 + 500 * Int64(number)
        document.load = [
            LoadFixture(target: "cache", base: base, tail: 2 * base, seed: UInt64(number), queries: 20_000).record
        ]
        return document
    }
}
