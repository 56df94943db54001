import Results

extension ComparisonRecord {
    /// How many pairs count, and how many do not: `8 pairs`, `6 pairs, 2 left out`.
    var pairSentence: String {
        let counted = Quantity.count(UInt64(clamping: pairs ?? 0), "pair")
        guard let discarded = discardedPairs, discarded > 0 else { return counted }
        return "\(counted), \(discarded) left out"
    }

    /// Why pairs were left out, with how many and an example; nil when none was, or nobody said.
    var discardReason: String? {
        guard let discarded = discardedPairs, discarded > 0 else { return nil }
        let example = segments?.lazy.compactMap(\.invalidReason).first.map { DisplayText.clean($0) }
        guard let discards, !discards.isEmpty else { return example }
        let counts = discards.map { "\($0.fault.words) (\(Quantity.count(UInt64(clamping: $0.pairs), "pair")))" }
        return counts.joined(separator: ", ") + (example.map { "; such as: \($0)" } ?? "")
    }

    /// What the intervals are called: `95 % interval`, or what the look that decided gave them.
    var intervalName: String { "\(Quantity.percent(confidence ?? 0.95)) interval" }

    /// How it was laid out, in a sentence; nil of documents that do not tell.
    var designSentence: String? {
        guard let design else { return nil }
        let looks = design.looks.prefix(10).map { "\($0.pairs)" }.joined(separator: ", ")
        let state =
            switch design.cache {
            case "warm": "warm caches (each question was asked while settling)"
            case "cold": "cold caches (names that nobody had asked before)"
            default: "caches as they came"
            }
        var sentence =
            "Segments of \(Quantity.elapsed(design.segmentNanoseconds)) at \(Quantity.rate(design.rateQPS)) over"
            + " \(DisplayText.clean(design.transport, limit: 8).uppercased()), \(state); planned looks at \(looks) pairs"
        for count in (cacheCounts ?? []).prefix(2) where count.hits + count.misses > 0 {
            let share = Double(count.hits) / (Double(count.hits) + Double(count.misses))
            sentence += "; \(DisplayText.clean(count.target, limit: 40)) counted \(Quantity.percent(share)) hits"
        }
        return sentence + "."
    }
}
