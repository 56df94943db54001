import Results

extension ComparisonRecord {
    /// How many pairs count, and how many do not: `8 pairs`, `6 pairs, 2 left out`.
    var pairSentence: String {
        let counted = Quantity.count(UInt64(clamping: pairs ?? 0), "pair")
        guard let discarded = discardedPairs, discarded > 0 else { return counted }
        return "\(counted), \(discarded) left out"
    }

    /// Why the first pair that was left out was; nil when none was, or nobody said.
    var discardReason: String? {
        guard let discarded = discardedPairs, discarded > 0 else { return nil }
        return segments?.lazy.compactMap(\.invalidReason).first.map { DisplayText.clean($0) }
    }
}
