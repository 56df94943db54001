/// One value of the assertion language: what a path yields and what a literal means.
package enum CheckValue: Sendable, Hashable {
    case boolean(Bool)
    case integer(Int64)
    /// Names, mnemonics, addresses and hex strings; compared octet for octet.
    case text(String)
    /// A span of time in nanoseconds.
    case duration(Int64)
    /// An instant on CLOCK_MONOTONIC in nanoseconds.
    case time(Int64)
    case version(VersionNumber)
    case list([CheckValue])
    /// The observation has no such value, for example because no answer came; a comparison with it does not hold.
    case absent(String)
    /// The expectation is not known here, for example a service of which the context knows nothing; the assertion does not
    /// apply.
    case unknown(String)
    /// The observer cannot tell, for example because it lost packets; the check becomes inconclusive.
    case unobservable(String)

    /// The name of the value's type for diagnostics.
    package var typeName: String {
        switch self {
        case .boolean: "boolean"
        case .integer: "integer"
        case .text: "text"
        case .duration: "duration"
        case .time: "time"
        case .version: "version"
        case .list: "list"
        case .absent: "absent"
        case .unknown: "unknown"
        case .unobservable: "unobservable"
        }
    }

    /// The type's name with its article.
    package var typePhrase: String { ("aeiou".contains(typeName.prefix(1)) ? "an " : "a ") + typeName }

    /// Whether the value carries no data but a reason why there is none.
    package var isHole: Bool {
        switch self {
        case .absent, .unknown, .unobservable: true
        default: false
        }
    }
}

extension CheckValue: CustomStringConvertible {
    /// The value as the sentences of a report show it.
    package var description: String {
        switch self {
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): "\(value)"
        case .text(let value): value.isEmpty ? "\"\"" : value
        case .duration(let nanoseconds): DurationText.describe(nanoseconds: nanoseconds)
        case .time(let nanoseconds): "t=" + DurationText.describe(nanoseconds: nanoseconds)
        case .version(let version): version.description
        case .list(let values): CheckValue.describe(list: values)
        case .absent(let reason), .unknown(let reason), .unobservable(let reason): reason
        }
    }

    private static func describe(list values: [CheckValue]) -> String {
        let shown = values.prefix(12).map(\.description).joined(separator: ", ")
        return values.count > 12 ? "[\(shown), … \(values.count) in all]" : "[\(shown)]"
    }
}
