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
}
