import DNSBench
import Report

/// What a terminal shows while a load runs: the figures of the interval that has just ended, and the latest rates as
/// a sparkline.
///
/// It keeps a short history and no clock; who draws decides when.
struct LiveLine {
    private static let bars: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    private static let historyLength = 24
    private var rates: [Double] = []

    /// Takes the interval that has just ended; the parts of its line, the ones to keep longest first.
    mutating func parts(_ step: LoadProgress) -> [String] {
        let latest = step.latest
        let seconds = Double(max(latest.durationNanoseconds, 1)) / 1e9
        let rate = Double(latest.answered) / seconds
        if rates.count == Self.historyLength { rates.removeFirst() }
        rates.append(rate)
        let done = step.answered + step.timedOut
        let inFlight = step.sent > done ? step.sent - done : 0
        var parts = ["\(Quantity.rate(rate)) answers/s"]
        if latest.answered > 0 {
            parts.append("p50 \(Quantity.duration(latest.p50))")
            parts.append("p99 \(Quantity.duration(latest.p99))")
        }
        parts.append("\(Quantity.count(step.timedOut)) lost")
        parts.append("\(Quantity.count(inFlight)) in flight")
        parts.append(Self.sparkline(rates))
        return parts
    }

    /// Numbers as bars from zero to the highest of them.
    static func sparkline(_ values: [Double]) -> String {
        let highest = values.max() ?? 0
        guard highest > 0 else { return String(repeating: bars[0], count: values.count) }
        return String(values.map { bars[Int(max(0, $0) / highest * Double(bars.count - 1) + 0.5)] })
    }
}
