internal import DNSWire
internal import NodeLocal

extension YAMLTree {
    /// A mapping with the keys of one part of a scenario.
    func map(_ part: ScenarioKeys) throws(YAMLDiagnostic) -> YAMLMap { try map(part.subject, keys: part.keys) }

    /// A duration with its unit, within bounds.
    func duration(in range: ClosedRange<Int64>) throws(YAMLDiagnostic) -> Int64 {
        let text = try string()
        guard let value = DurationText.nanoseconds(text) else {
            throw diagnostic("'\(text)' is not a duration; write a number with its unit, such as 10s or 250ms")
        }
        guard range.contains(value) else {
            let low = DurationText.text(nanoseconds: range.lowerBound)
            let high = DurationText.text(nanoseconds: range.upperBound)
            throw diagnostic("\(text) is out of range; write \(low) to \(high)")
        }
        return value
    }

    /// A rate in events a second, `500/s` or `500`.
    func rate() throws(YAMLDiagnostic) -> Double {
        let text = try string()
        guard let value = QuantityText.perSecond(text), (0.001...10_000_000).contains(value) else {
            throw diagnostic("'\(text)' is not a rate; write queries a second, such as 500/s")
        }
        return value
    }

    /// A domain name.
    func name() throws(YAMLDiagnostic) -> DNSName {
        let text = try nonEmptyString()
        guard let name = try? DNSName(text) else { throw diagnostic("'\(text)' is not a domain name") }
        return name
    }

    /// A word that names something: letters, digits, `-` and `_`, a letter first.
    func identifier(_ what: String) throws(YAMLDiagnostic) -> String {
        let text = try string()
        guard Self.isIdentifier(text) else {
            throw diagnostic("'\(text)' is no \(what); write letters, digits, - and _, a letter first")
        }
        return text
    }

    /// True for letters, digits, `-` and `_`, a letter first, at most 64.
    static func isIdentifier(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 64 else { return false }
        let isLetter = (first | 0x20) >= UInt8(ascii: "a") && (first | 0x20) <= UInt8(ascii: "z")
        return isLetter && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
    }
}

extension YAMLMap {
    /// The duration of a key, or a default.
    func duration(
        _ key: String,
        in range: ClosedRange<Int64>,
        default fallback: Int64
    ) throws(YAMLDiagnostic) -> Int64 {
        guard let value = self[key] else { return fallback }
        return try value.duration(in: range)
    }

    /// The word of a closed set under a key, or a default.
    func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ key: String,
        default fallback: Choice
    ) throws(YAMLDiagnostic) -> Choice {
        guard let value = self[key] else { return fallback }
        return try value.choice(of: Choice.self)
    }
}
