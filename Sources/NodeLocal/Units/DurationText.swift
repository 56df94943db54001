/// Durations as Go and our own files write them: `10s`, `250ms`, `1h30m`, `1.5s`.
package enum DurationText {
    private static let units: [(name: String, nanoseconds: Double)] = [
        ("ns", 1), ("us", 1e3), ("µs", 1e3), ("μs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3_600e9),
    ]

    /// Nanoseconds, or nil when the text is no duration; each number needs its unit, only `0` may go without.
    ///
    /// The grammar is that of Go's `time.ParseDuration`. A value beyond 292 years is nil.
    package static func nanoseconds(_ text: String) -> Int64? {
        var rest = Substring(text)
        var sign = 1.0
        if let first = rest.first, first == "-" || first == "+" {
            if first == "-" { sign = -1 }
            rest = rest.dropFirst()
        }
        if rest == "0" { return 0 }
        guard !rest.isEmpty else { return nil }
        var total = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            guard digits.contains(where: { $0 != "." }), let value = Double(digits) else { return nil }
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { !($0.isASCII && ($0.isNumber || $0 == ".")) }
            guard let unit = units.first(where: { $0.name == name }) else { return nil }
            rest = rest.dropFirst(name.count)
            total += value * unit.nanoseconds
        }
        guard total < 9.2e18 else { return nil }
        return Int64((sign * total).rounded())
    }

    /// The shortest exact spelling, such as `250ms`, `1m30s` or `1.5ms`.
    package static func text(nanoseconds: Int64) -> String {
        let magnitude = nanoseconds.magnitude
        let sign = nanoseconds < 0 ? "-" : ""
        if magnitude == 0 { return "0s" }
        if magnitude % 1_000_000_000 == 0 {
            let seconds = magnitude / 1_000_000_000
            let parts = [(seconds / 3_600, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")]
            return sign + parts.filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }.joined()
        }
        for (scale, unit) in [(UInt64(1_000_000_000), "s"), (1_000_000, "ms"), (1_000, "us")]
        where magnitude >= scale {
            let fraction = String(magnitude % scale + scale).dropFirst()
            let digits = String(fraction.reversed().drop { $0 == "0" }.reversed())
            return sign + "\(magnitude / scale)" + (digits.isEmpty ? "" : "." + digits) + unit
        }
        return sign + "\(magnitude)ns"
    }
}
