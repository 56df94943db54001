/// Numbers as people read them: three significant digits, a unit that fits, a dot for decimals.
package enum Quantity {
    /// Nanoseconds as `870 ns`, `45.2 µs`, `1.53 ms`, `2.10 s`.
    static func duration(_ nanoseconds: Double) -> String {
        let size = nanoseconds.magnitude
        guard size.isFinite else { return "–" }
        // The limits are where three digits round up to the next unit.
        if size < 999.5 { return "\(fixed(nanoseconds, 0)) ns" }
        if size < 999_500 { return "\(significant(nanoseconds / 1e3)) µs" }
        if size < 999_500_000 { return "\(significant(nanoseconds / 1e6)) ms" }
        return "\(significant(nanoseconds / 1e9)) s"
    }

    /// Nanoseconds as `870 ns` … `2.10 s`.
    package static func duration(_ nanoseconds: Int64) -> String { duration(Double(nanoseconds)) }

    /// A duration for an axis, without zeros that carry nothing: `300 µs`, `1 ms`.
    static func tick(_ nanoseconds: Double) -> String {
        let parts = duration(nanoseconds).split(separator: " ")
        guard parts.count == 2 else { return duration(nanoseconds) }
        return "\(trimmed(String(parts[0]))) \(parts[1])"
    }

    /// `digits` without zeros at the end of its fraction.
    static func trimmed(_ digits: String) -> String {
        guard digits.contains(".") else { return digits }
        var text = digits
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }

    /// A length of time in words for people: `1 min 32 s`.
    static func elapsed(_ nanoseconds: Int64) -> String {
        let seconds = nanoseconds / 1_000_000_000
        if seconds < 60 { return duration(nanoseconds) }
        if seconds < 3_600 { return "\(seconds / 60) min \(seconds % 60) s" }
        return "\(seconds / 3_600) h \(seconds / 60 % 60) min"
    }

    /// A fraction as per cent: `0.012 %`, `6.4 %`, `110 %`.
    static func percent(_ fraction: Double) -> String {
        guard fraction.isFinite else { return "–" }
        return fraction == 0 ? "0 %" : "\(significant(fraction * 100, 2)) %"
    }

    /// A share of a whole: `99.98 %`, `100 %` only when it is all of it, `< 0.01 %` when it is some of it.
    static func share(_ fraction: Double) -> String {
        guard fraction.isFinite else { return "–" }
        let hundredths = (fraction * 10_000).rounded(.down)
        if fraction > 0, hundredths < 1 { return "< 0.01 %" }
        return "\(trimmed(fixed(hundredths / 100, 2))) %"
    }

    /// A percentile's name: `p99.9`.
    static func percentile(_ percentile: Double) -> String {
        "p" + trimmed(fixed(percentile, 3))
    }

    /// A count with separators: `20,000`.
    package static func count(_ number: UInt64) -> String {
        var digits = Array(String(number))
        var position = digits.count - 3
        while position > 0 {
            digits.insert(",", at: position)
            position -= 3
        }
        return String(digits)
    }

    /// A count with its noun: `1 piece`, `20,000 pieces`.
    static func count(_ number: UInt64, _ noun: String) -> String {
        "\(count(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    /// A count with a noun whose plural is not its singular with an s: `2 queries`.
    static func count(_ number: UInt64, _ noun: String, _ plural: String) -> String {
        "\(count(number)) \(number == 1 ? noun : plural)"
    }

    /// A rate a second: `998`, `12,400`.
    package static func rate(_ perSecond: Double) -> String {
        guard perSecond.isFinite, perSecond >= 0, perSecond < 1e15 else { return "–" }
        return perSecond < 100 ? significant(perSecond) : count(UInt64(perSecond.rounded()))
    }

    /// Bytes in binary units: `40 MiB`.
    static func bytes(_ bytes: UInt64) -> String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        var size = Double(bytes)
        var unit = 0
        while size >= 1024, unit < units.count - 1 {
            size /= 1024
            unit += 1
        }
        return "\(significant(size)) \(units[unit])"
    }

    /// A ratio: `0.174 ×`.
    static func ratio(_ ratio: Double?) -> String {
        guard let ratio, ratio.isFinite else { return "–" }
        return "\(significant(ratio)) ×"
    }

    /// A p-value: `0.031`, `< 0.001`.
    static func probability(_ p: Double?) -> String {
        guard let p, p.isFinite else { return "–" }
        return p < 0.001 ? "< 0.001" : fixed(p, 3)
    }

    /// `number` with so many significant digits, trailing zeros kept below 1,000.
    static func significant(_ number: Double, _ digits: Int = 3) -> String {
        guard number.isFinite else { return "–" }
        var places = digits - 1
        var size = number.magnitude
        guard size > 0 else { return "0" }
        while size >= 10, places > 0 {
            size /= 10
            places -= 1
        }
        while size < 1, places < 9 {
            size *= 10
            places += 1
        }
        // 9.996 has grown a digit by rounding: 10.0, not 10.00.
        let text = fixed(number, places)
        let digitsShown = text.drop { !("1"..."9").contains($0) }.count { $0.isNumber }
        return digitsShown > digits && places > 0 ? fixed(number, places - 1) : text
    }

    /// `number` with so many digits after the dot.
    static func fixed(_ number: Double, _ places: Int) -> String {
        let factor = (0..<places).reduce(1.0) { factor, _ in factor * 10 }
        let scaled = (number.magnitude * factor).rounded()
        guard scaled < 9e18 else { return "\(number)" }
        var digits = String(UInt64(scaled))
        if places > 0 {
            digits = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
            digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -places))
        }
        return (number < 0 && scaled > 0 ? "-" : "") + digits
    }
}
