extension YAMLTree {
    /// The text of a scalar; numbers and words count as text, nothing and collections do not.
    package func string() throws(YAMLDiagnostic) -> String {
        guard case .scalar(let text, _) = content else { throw diagnostic("expected text, found \(kindDescription)") }
        return text
    }

    /// A text with at least one character that is not a space.
    package func nonEmptyString() throws(YAMLDiagnostic) -> String {
        let text = try string()
        guard text.contains(where: { !$0.isWhitespace }) else { throw diagnostic("expected text, found an empty one") }
        return text
    }

    /// A plain decimal whole number within `range`.
    package func integer(in range: ClosedRange<Int> = Int.min...Int.max) throws(YAMLDiagnostic) -> Int {
        guard case .scalar(let text, isQuoted: false) = content, let value = Int(text), !text.hasPrefix("+") else {
            throw diagnostic("expected a whole number, found \(kindDescription)")
        }
        guard range.contains(value) else {
            throw diagnostic("\(value) is out of range; write \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// A plain finite number.
    package func number() throws(YAMLDiagnostic) -> Double {
        guard case .scalar(let text, isQuoted: false) = content, let value = Double(text), value.isFinite,
            text.allSatisfy({ $0.isASCII && ($0.isNumber || ".-eE+".contains($0)) })
        else { throw diagnostic("expected a number, found \(kindDescription)") }
        return value
    }

    /// `true` or `false`, and no other spelling.
    package func boolean() throws(YAMLDiagnostic) -> Bool {
        switch content {
        case .scalar("true", isQuoted: false): return true
        case .scalar("false", isQuoted: false): return false
        default: throw diagnostic("expected true or false, found \(kindDescription)")
        }
    }

    /// The items of a sequence.
    package func list() throws(YAMLDiagnostic) -> [YAMLTree] {
        guard case .list(let items) = content else { throw diagnostic("expected a list, found \(kindDescription)") }
        return items
    }

    /// The texts of a sequence of scalars; one scalar alone counts as a sequence of one.
    package func strings() throws(YAMLDiagnostic) -> [String] {
        if case .scalar(let text, _) = content { return [text] }
        var texts: [String] = []
        for item in try list() { texts.append(try item.string()) }
        return texts
    }

    /// One word of a closed set, given by an enumeration's raw values.
    package func choice<Choice: CaseIterable & RawRepresentable<String>>(
        of type: Choice.Type
    ) throws(YAMLDiagnostic) -> Choice {
        let text = try string()
        guard let choice = Choice(rawValue: text) else {
            let known = Choice.allCases.map(\.rawValue)
            throw diagnostic("'\(text)' is not known here\(Suggestion.sentence(for: text, among: known))")
        }
        return choice
    }

    /// A mapping in which only `keys` may stand; any other key is refused with a suggestion.
    ///
    /// `subject` names the mapping in the sentence, as in "unknown key 'tagret' in a load step".
    package func map(_ subject: String, keys: [String]) throws(YAMLDiagnostic) -> YAMLMap {
        let map = try map()
        for entry in map.entries where !keys.contains(entry.key) {
            throw entry.diagnostic(
                "unknown key '\(entry.key)' in \(subject)\(Suggestion.sentence(for: entry.key, among: keys))"
            )
        }
        return map
    }

    /// The single entry of a mapping, for a list whose items are `- key: value`; a bare word stands for a key without a
    /// value, and nil is given for anything else.
    package var soleEntry: YAMLEntry? {
        switch content {
        case .scalar(let word, _):
            let nothing = YAMLTree(file: file, line: line, column: column, content: .null)
            return YAMLEntry(key: word, keyLine: line, keyColumn: column, value: nothing)
        case .map(let entries): return entries.count == 1 ? entries.first : nil
        case .null, .list: return nil
        }
    }

    /// A mapping with any keys.
    package func map() throws(YAMLDiagnostic) -> YAMLMap {
        guard case .map(let entries) = content else {
            throw diagnostic("expected a mapping, found \(kindDescription)")
        }
        return YAMLMap(tree: self, entries: entries)
    }
}
