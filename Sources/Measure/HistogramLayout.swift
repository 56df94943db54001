/// The bucket layout of an HdrHistogram, computed from the three settings that its text carries.
///
/// Source: HdrHistogram/HdrHistogram `AbstractHistogram.java`. Only what the codec needs: index to value and length.
struct HistogramLayout: Equatable {
    /// The smallest value told apart from 0.
    let lowestDiscernibleValue: UInt64
    /// The largest value that must fit.
    let highestTrackableValue: UInt64
    /// Decimal digits of resolution, 0 … 5.
    let significantDigits: Int
    /// The number of counts.
    let countsLength: Int

    private let unitMagnitude: Int
    private let subBucketHalfCountMagnitude: Int

    /// Computes a layout, or nil when the settings are impossible or need more than `maximumCountsLength` counts.
    init?(
        lowestDiscernibleValue: UInt64,
        highestTrackableValue: UInt64,
        significantDigits: Int,
        maximumCountsLength: Int = 1 << 19
    ) {
        guard lowestDiscernibleValue >= 1, lowestDiscernibleValue <= UInt64.max / 2,
            highestTrackableValue >= lowestDiscernibleValue * 2, (0...5).contains(significantDigits)
        else { return nil }
        let singleUnitLimit = (0..<significantDigits).reduce(2) { product, _ in product * 10 }
        var subBucketCountMagnitude = Int.bitWidth - (singleUnitLimit - 1).leadingZeroBitCount
        subBucketCountMagnitude = max(subBucketCountMagnitude, 1)
        unitMagnitude = UInt64.bitWidth - 1 - lowestDiscernibleValue.leadingZeroBitCount
        subBucketHalfCountMagnitude = subBucketCountMagnitude - 1
        guard unitMagnitude + subBucketHalfCountMagnitude <= 61 else { return nil }

        var smallestUntrackable = UInt64(1) << UInt64(subBucketCountMagnitude + unitMagnitude)
        var buckets = 1
        while smallestUntrackable <= highestTrackableValue {
            buckets += 1
            if smallestUntrackable > UInt64.max / 2 { break }
            smallestUntrackable <<= 1
        }
        countsLength = (buckets + 1) << subBucketHalfCountMagnitude
        guard countsLength <= maximumCountsLength else { return nil }
        self.lowestDiscernibleValue = lowestDiscernibleValue
        self.highestTrackableValue = highestTrackableValue
        self.significantDigits = significantDigits
    }

    /// The lowest value that is counted at `index`.
    func value(at index: Int) -> UInt64 {
        let halfCount = 1 << subBucketHalfCountMagnitude
        let bucket = (index >> subBucketHalfCountMagnitude) - 1
        guard bucket >= 0 else { return UInt64(index) << UInt64(unitMagnitude) }
        let subBucket = (index & (halfCount - 1)) + halfCount
        return UInt64(subBucket) << UInt64(bucket + unitMagnitude)
    }
}
