internal import NodeLocal

/// What sort of figure a gate speaks of.
package enum GateType: String, Sendable, Hashable {
    /// Nanoseconds, written `2ms`.
    case duration
    /// A share from 0 to 1, written `0.1%`.
    case ratio
    /// A number without a unit.
    case count
    /// One word of a closed set, such as `proven`.
    case word
}

/// A figure that a gate compares.
package enum GateValue: Sendable, Hashable, CustomStringConvertible {
    /// Nanoseconds; fractions come from arithmetic alone.
    case duration(Double)
    /// A share from 0 to 1.
    case ratio(Double)
    /// A number without a unit.
    case count(Double)
    /// One word.
    case word(String)

    /// The sort of figure.
    package var type: GateType {
        switch self {
        case .duration: .duration
        case .ratio: .ratio
        case .count: .count
        case .word: .word
        }
    }

    /// The number inside, or nil for a word.
    var number: Double? {
        switch self {
        case .duration(let value), .ratio(let value), .count(let value): value
        case .word: nil
        }
    }

    /// As a report shows it: `1.5ms`, `0.1%`, `7`, `proven`.
    package var description: String {
        switch self {
        case .duration(let value):
            return value.magnitude < 9e18 ? Self.shortDuration(Int64(value.rounded())) : "\(value)ns"
        case .ratio(let value): return "\(Self.short(value * 100))%"
        case .count(let value): return Self.short(value)
        case .word(let text): return text
        }
    }

    /// A duration of at most three decimals in its largest unit.
    private static func shortDuration(_ value: Int64) -> String {
        let step: Int64 = value.magnitude >= 1_000_000_000 ? 1_000_000 : value.magnitude >= 1_000_000 ? 1_000 : 1
        return DurationText.text(nanoseconds: value / step * step)
    }

    private static func short(_ value: Double) -> String {
        if value == value.rounded(), value.magnitude < 1e15 { return String(Int64(value)) }
        let rounded = (value * 10_000).rounded() / 10_000
        return rounded == 0 ? "\(value)" : "\(rounded)"
    }
}
