internal import NodeLocal

extension YAMLTree {
    /// A statement of the assertion language.
    func statement() throws(YAMLDiagnostic) -> Statement {
        let text = try nonEmptyString()
        do throws(ExpressionError) {
            return try ExpressionParser.statement(text)
        } catch {
            throw diagnostic("'\(text)': \(error)")
        }
    }

    /// One statement, or a list that must hold together.
    func statements() throws(YAMLDiagnostic) -> [Statement] {
        guard isList else { return [try statement()] }
        var statements: [Statement] = []
        for item in try list() { statements.append(try item.statement()) }
        guard !statements.isEmpty else { throw diagnostic("expected statements, found an empty list") }
        return statements
    }

    /// A term such as `first + 11s`.
    func term() throws(YAMLDiagnostic) -> Expression {
        let text = try nonEmptyString()
        do throws(ExpressionError) {
            return try ExpressionParser.expression(text)
        } catch {
            throw diagnostic("'\(text)': \(error)")
        }
    }

    /// A span with a unit, in nanoseconds.
    func duration() throws(YAMLDiagnostic) -> Int64 {
        let text = try string()
        guard let nanoseconds = DurationText.nanoseconds(text) else {
            throw diagnostic("expected a duration such as 250ms, found '\(text)'")
        }
        return nanoseconds
    }

    /// A number in decimal or `0x` notation that fits the type.
    func number<Number: FixedWidthInteger>(_ type: Number.Type) throws(YAMLDiagnostic) -> Number {
        let text = try string()
        let value = text.hasPrefix("0x") ? Number(text.dropFirst(2), radix: 16) : Number(text)
        guard let value else {
            throw diagnostic("expected a number of 0 to \(Number.max), found '\(text)'")
        }
        return value
    }
}

extension YAMLMap {
    /// The span of a key in nanoseconds, nil without the key.
    func duration(_ key: String) throws(YAMLDiagnostic) -> Int64? {
        guard let value = self[key] else { return nil }
        return try value.duration()
    }

    /// The number of a key, nil without the key.
    func number<Number: FixedWidthInteger>(_ key: String, _ type: Number.Type) throws(YAMLDiagnostic) -> Number? {
        guard let value = self[key] else { return nil }
        return try value.number(type)
    }
}
