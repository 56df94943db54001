/// Reads statements and expressions of the assertion language.
package struct ExpressionParser {
    private let tokens: [ExpressionLexer.Located]
    private let length: Int
    private var position = 0

    private init(_ text: String) throws(ExpressionError) {
        tokens = try ExpressionLexer.tokens(text)
        length = text.count
    }

    /// Reads a statement such as `first.answer.ttl.max <= 30`.
    package static func statement(_ text: String) throws(ExpressionError) -> Statement {
        var parser = try Self(text)
        let isQuantified = parser.accept(word: "each")
        let subject = try parser.sum()
        let predicate = try parser.predicate()
        try parser.end()
        return Statement(text: text, subject: subject, predicate: predicate, isQuantified: isQuantified)
    }

    /// Reads a term alone such as `first + 11s`.
    package static func expression(_ text: String) throws(ExpressionError) -> Expression {
        var parser = try Self(text)
        let expression = try parser.sum()
        try parser.end()
        return expression
    }

    private mutating func predicate() throws(ExpressionError) -> Predicate {
        let offset = self.offset
        guard let token = advance() else { throw error("a predicate is missing") }
        switch token {
        case .symbol(let symbol):
            if let relation = Predicate.Relation(rawValue: symbol) { return .compare(relation, try sum()) }
        case .word("in"):
            let low = try sum()
            return accept(symbol: "..") ? .range(low, try sum()) : .memberOf(low)
        case .word("is"):
            if case .word(let word)? = advance(), let shape = Predicate.Shape(rawValue: word) { return .shape(shape) }
            let known = Predicate.Shape.allCases.map(\.rawValue).joined(separator: ", ")
            throw ExpressionError(offset: offset, message: "after 'is' comes one of \(known)")
        case .word("within"):
            let tolerance = try sum()
            guard accept(word: "of") else { throw error("'within' needs 'of'") }
            return .within(tolerance: tolerance, of: try sum())
        case .word("precedes"): return .precedes(try sum())
        case .word(let word):
            if let relation = Predicate.SetRelation(rawValue: word) { return .set(relation, try sum()) }
        default: break
        }
        throw ExpressionError(offset: offset, message: "no such predicate")
    }

    private mutating func sum() throws(ExpressionError) -> Expression {
        var left = try term()
        while true {
            if accept(symbol: "+") {
                left = .add(left, try term())
            } else if accept(symbol: "-") {
                left = .subtract(left, try term())
            } else {
                return left
            }
        }
    }

    private mutating func term() throws(ExpressionError) -> Expression {
        let offset = self.offset
        guard let token = advance() else { throw error("an operand is missing") }
        switch token {
        case .number(let value): return .literal(.integer(value))
        case .duration(let value): return .literal(.duration(value))
        case .text(let value): return .literal(.text(value))
        case .version(let value): return .literal(.version(value))
        case .symbol("-"):
            switch advance() {
            case .number(let value)?: return .literal(.integer(-value))
            case .duration(let value)?: return .literal(.duration(-value))
            default: throw ExpressionError(offset: offset, message: "after '-' comes a number")
            }
        case .symbol("("):
            let inner = try sum()
            guard accept(symbol: ")") else { throw error("')' is missing") }
            return inner
        case .symbol("["): return .list(try elements(until: "]").map(\.value))
        case .word(let word): return try named(word, at: offset)
        default: throw ExpressionError(offset: offset, message: "an operand is missing")
        }
    }

    private mutating func named(_ first: String, at offset: Int) throws(ExpressionError) -> Expression {
        if first == "true" || first == "false" { return .literal(.boolean(first == "true")) }
        var parts = [first]
        while accept(symbol: ".") {
            let offset = self.offset
            guard case .word(let part)? = advance() else {
                throw ExpressionError(offset: offset, message: "a name is missing after '.'")
            }
            parts.append(part)
        }
        if accept(symbol: "(") { return .call(parts, try elements(until: ")")) }
        if parts.count == 1, first.allSatisfy({ $0.isUppercase || $0.isNumber }) { return .literal(.text(first)) }
        return .path(parts)
    }

    private mutating func elements(until close: String) throws(ExpressionError) -> [Expression.Argument] {
        var result: [Expression.Argument] = []
        if accept(symbol: close) { return result }
        repeat {
            var label: String?
            if case .word(let word)? = peek(), peek(1) == .symbol(":") {
                label = word
                position += 2
            }
            result.append(Expression.Argument(label: label, value: try sum()))
        } while accept(symbol: ",")
        guard accept(symbol: close) else { throw error("'\(close)' is missing") }
        return result
    }

    // MARK: Tokens

    private var offset: Int { position < tokens.count ? tokens[position].offset : length }

    private func peek(_ ahead: Int = 0) -> ExpressionLexer.Token? {
        position + ahead < tokens.count ? tokens[position + ahead].token : nil
    }

    private mutating func advance() -> ExpressionLexer.Token? {
        guard position < tokens.count else { return nil }
        position += 1
        return tokens[position - 1].token
    }

    private mutating func accept(symbol: String) -> Bool {
        guard peek() == .symbol(symbol) else { return false }
        position += 1
        return true
    }

    private mutating func accept(word: String) -> Bool {
        guard peek() == .word(word) else { return false }
        position += 1
        return true
    }

    private func error(_ message: String) -> ExpressionError { ExpressionError(offset: offset, message: message) }

    private func end() throws(ExpressionError) {
        guard position == tokens.count else { throw error("text after the end of the statement") }
    }
}
