/// Durations with units, as the check language writes and shows them.
package enum DurationText {
    private static let units: [(suffix: String, nanoseconds: Int64)] = [
        ("ns", 1), ("us", 1000), ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000),
    ]

    /// Reads `250ms`, `30.5s` or `2m`; the result is in nanoseconds, nil when the text is no duration.
    package static func nanoseconds(_ text: String) -> Int64? {
        let number = text.prefix { $0.isNumber || $0 == "." }
        guard !number.isEmpty, let value = Double(number) else { return nil }
        let suffix = text.dropFirst(number.count)
        guard let unit = units.first(where: { $0.suffix == suffix }) else { return nil }
        let scaled = value * Double(unit.nanoseconds)
        guard scaled >= 0, scaled < 1e18 else { return nil }
        return Int64(scaled.rounded())
    }

    /// Shows a span in the unit that suits it, for example `30.5 s` or `250 ms`.
    package static func describe(nanoseconds: Int64) -> String {
        let sign = nanoseconds < 0 ? "-" : ""
        let magnitude = nanoseconds.magnitude
        switch magnitude {
        case 0..<1000: return "\(sign)\(magnitude) ns"
        case 1000..<1_000_000: return sign + decimal(magnitude / 10, unit: "us")
        case 1_000_000..<1_000_000_000: return sign + decimal(magnitude / 10_000, unit: "ms")
        default: return sign + decimal(magnitude / 10_000_000, unit: "s")
        }
    }

    private static func decimal(_ hundredths: UInt64, unit: String) -> String {
        let whole = hundredths / 100
        let rest = hundredths % 100
        if rest == 0 { return "\(whole) \(unit)" }
        let digits = rest % 10 == 0 ? "\(rest / 10)" : (rest < 10 ? "0\(rest)" : "\(rest)")
        return "\(whole).\(digits) \(unit)"
    }
}
