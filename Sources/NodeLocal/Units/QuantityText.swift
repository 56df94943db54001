/// Sizes and rates as our files write them.
package enum QuantityText {
    private static let sizes: [(name: String, bytes: UInt64)] = [
        ("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("kB", 1_000), ("MB", 1_000_000),
        ("GB", 1_000_000_000),
    ]

    /// Bytes of `512B`, `64KiB` or `1MB`; a number without its unit is nil.
    package static func bytes(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let value = UInt64(digits), let size = sizes.first(where: { $0.name == text.dropFirst(digits.count) })
        else { return nil }
        let (product, overflow) = value.multipliedReportingOverflow(by: size.bytes)
        return overflow ? nil : Int(exactly: product)
    }

    /// Events per second of `500/s`, `30000/m` or plain `500`; zero and less are nil.
    package static func perSecond(_ text: String) -> Double? {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let number = parts.first, number.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
            let value = Double(number), value > 0, value.isFinite
        else { return nil }
        switch parts.count > 1 ? parts[1] : "s" {
        case "s": return value
        case "m": return value / 60
        default: return nil
        }
    }

    /// A fraction of `0.1%` or `0.001`; below 0 and above 1 are nil.
    package static func ratio(_ text: String) -> Double? {
        let isPercent = text.hasSuffix("%")
        let digits = isPercent ? text.dropLast() : Substring(text)
        guard digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }), let value = Double(digits) else {
            return nil
        }
        let ratio = isPercent ? value / 100 : value
        return ratio <= 1 ? ratio : nil
    }
}
