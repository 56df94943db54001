import Testing

@testable import DNSBench
@testable import Harness

@Suite("The live line")
struct LiveLineTests {
    private static func step(sent: UInt64, answered: UInt64, timedOut: UInt64, latest: UInt64) -> LoadProgress {
        LoadProgress(
            elapsedNanoseconds: 2_000_000_000,
            plannedNanoseconds: 4_000_000_000,
            plannedQueries: nil,
            sent: sent,
            answered: answered,
            timedOut: timedOut,
            latest: LoadInterval(
                startNanoseconds: 1_500_000_000,
                durationNanoseconds: 500_000_000,
                sent: latest,
                answered: latest,
                timedOut: 0,
                p50: 45_200,
                p90: 60_000,
                p99: 312_000,
                p99_9: 400_000,
                max: 500_000
            )
        )
    }

    @Test("It tells rate, p50 and p99 of the last interval, loss and what is in flight")
    func figures() {
        var line = LiveLine()
        let parts = line.parts(Self.step(sent: 10_000, answered: 9_900, timedOut: 60, latest: 5_000))
        #expect(
            parts == ["10,000 answers/s", "p50 45.2 µs", "p99 312 µs", "60 lost", "40 in flight", "█"]
        )
        // Half the rate: the second bar is half as high.
        #expect(line.parts(Self.step(sent: 1, answered: 1, timedOut: 0, latest: 2_500)).last == "█▅")
        // Nothing answered: no percentile is made up.
        let silent = line.parts(Self.step(sent: 100, answered: 0, timedOut: 0, latest: 0))
        #expect(silent == ["0 answers/s", "0 lost", "100 in flight", "█▅▁"])
    }

    @Test("It never is wider than the terminal: parts go from the end, then the bar, then the text")
    func width() {
        let parts = ["10,000 answers/s", "p50 45.2 µs", "p99 312 µs", "60 lost"]
        func line(_ width: Int) -> String {
            ProgressReporter.line(stage: "load on cache", fraction: 0.5, parts: parts, width: width)
        }
        #expect(
            line(200).hasPrefix(String(repeating: "█", count: 12) + String(repeating: "░", count: 12) + " 50 % load")
        )
        #expect(line(200).hasSuffix("60 lost"))
        #expect(line(80).hasPrefix("██████░░░░░░ 50 %") && line(80).hasSuffix("p99 312 µs"))
        #expect(line(40) == "50 % load on cache  10,000 answers/s")
        for width in 1...200 { #expect(line(width).count <= max(width - 1, 1)) }
    }
}
