import Glibc

/// What a target differs from itself by on a machine: no margin of a comparison there may be narrower.
package enum NoiseFloor {
    /// Runs from which a floor can be trusted; of fewer the largest difference counts in full.
    package static let firmRuns = 5

    /// The 95th percentile of differences that A/A runs found, as ratios below or above 1; nil without a run.
    ///
    /// Values are interpolated between ranks (type 7 of Hyndman and Fan, The American Statistician 50 (1996)).
    ///
    /// - Returns: The relative change of at least 0 that a margin has to reach: 0.04 for ratios of 1.04 and of 1/1.04.
    package static func relative(ratios: [Double]) -> Double? {
        let sizes = ratios.filter { $0 > 0 && $0.isFinite }.map { abs(log($0)) }.sorted()
        guard let largest = sizes.last else { return nil }
        guard sizes.count >= firmRuns else { return exp(largest) - 1 }
        let place = 0.95 * Double(sizes.count - 1)
        let below = Int(place)
        let above = min(below + 1, sizes.count - 1)
        return exp(sizes[below] + (place - Double(below)) * (sizes[above] - sizes[below])) - 1
    }
}
