/// Holm's step-down correction for several tests that are judged together.
package enum HolmAdjustment {
    /// The adjusted p-values, in the order of `pValues`; compare each with the level itself.
    ///
    /// Source: Holm, *A simple sequentially rejective multiple test procedure*, Scand. J. Statist. 6 (1979).
    package static func adjust(_ pValues: [Double]) -> [Double] {
        var adjusted = pValues
        var largest = 0.0
        for (rank, index) in pValues.indices.sorted(by: { pValues[$0] < pValues[$1] }).enumerated() {
            largest = max(largest, min(1, pValues[index] * Double(pValues.count - rank)))
            adjusted[index] = largest
        }
        return adjusted
    }
}
