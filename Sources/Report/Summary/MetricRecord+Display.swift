import Measure
import Results

extension MetricRecord {
    /// The interval of the ratio: `0.173 – 0.175`, open where it has no end, with its confidence when that is below 95 %.
    var displayInterval: String {
        guard ciLow != nil || ciHigh != nil else { return "–" }
        let ends = [ciLow, ciHigh].map { end in end.map { Quantity.significant($0) } ?? "…" }
        let interval = ends.joined(separator: " – ")
        guard let confidence, confidence < 0.95 else { return interval }
        return "\(interval) (\(Quantity.percent(confidence)))"
    }

    /// The change that counts: `10 % and 25 µs`, with the noise floor where that made it wider.
    var displayMargin: String {
        var parts: [String] = []
        if let margin, margin > 0 {
            let isFloor = noiseFloor.map { $0 >= margin } ?? false
            parts.append(Quantity.percent(margin) + (isFloor ? " (A/A)" : ""))
        }
        if let absoluteFloor, absoluteFloor > 0 { parts.append(metric.display(absoluteFloor)) }
        return parts.isEmpty ? "–" : parts.joined(separator: " and ")
    }

    /// The verdict, in brackets where the run's does not rest on it.
    func displayVerdict(of comparison: ComparisonRecord) -> String {
        comparison.verdict == nil || isGated == true ? verdict.rawValue : "(\(verdict.rawValue))"
    }
}
