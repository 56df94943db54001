/// How an interface of pcapng counts time: options if_tsresol and if_tsoffset.
struct PcapNGClock {
    /// The latest time that is believed, in the year 2116: differences of such times never overflow.
    static let latest: Int64 = 1 << 62
    private static let nanosecondsPerSecond: UInt64 = 1_000_000_000
    private var ticksPerSecond: UInt64 = 1_000_000
    /// Nanoseconds of one tick when that is a whole number, else 0.
    private var nanosecondsPerTick: UInt64 = 1_000
    /// Seconds to add to each time.
    var offsetSeconds: Int64 = 0

    /// Takes the value of if_tsresol: a power of ten, or of two when the highest bit is set.
    ///
    /// - Returns: False when the ticks are too short to be counted in 64 bits.
    mutating func setResolution(_ resolution: UInt8) -> Bool {
        let power = UInt64(resolution & 0x7F)
        if resolution & 0x80 != 0 {
            guard power < 64 else { return false }
            ticksPerSecond = 1 << power
        } else {
            guard power < 20 else { return false }
            ticksPerSecond = (0..<power).reduce(1) { value, _ in value * 10 }
        }
        let isWhole = Self.nanosecondsPerSecond.isMultiple(of: ticksPerSecond)
        nanosecondsPerTick = isWhole ? Self.nanosecondsPerSecond / ticksPerSecond : 0
        return true
    }

    /// Nanoseconds since the Unix epoch; nil for a time before it or after the year 2116.
    func nanoseconds(_ ticks: UInt64) -> Int64? {
        let shift = offsetSeconds.multipliedReportingOverflow(by: Int64(Self.nanosecondsPerSecond))
        guard !shift.overflow, let since = nanosecondsOfTicks(ticks) else { return nil }
        let sum = since.addingReportingOverflow(shift.partialValue)
        guard !sum.overflow, (0...Self.latest).contains(sum.partialValue) else { return nil }
        return sum.partialValue
    }

    private func nanosecondsOfTicks(_ ticks: UInt64) -> Int64? {
        if nanosecondsPerTick > 0 {
            let product = ticks.multipliedReportingOverflow(by: nanosecondsPerTick)
            return product.overflow ? nil : Int64(exactly: product.partialValue)
        }
        let seconds = (ticks / ticksPerSecond).multipliedReportingOverflow(by: Self.nanosecondsPerSecond)
        let product = (ticks % ticksPerSecond).multipliedFullWidth(by: Self.nanosecondsPerSecond)
        let sum = seconds.partialValue.addingReportingOverflow(ticksPerSecond.dividingFullWidth(product).quotient)
        return seconds.overflow || sum.overflow ? nil : Int64(exactly: sum.partialValue)
    }
}
