/// What is wrong with an expression, and at which column of its text.
package struct ExpressionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Zero-based offset in characters.
    package let offset: Int
    package let message: String

    package var description: String { "\(message) (column \(offset + 1))" }
}

/// Splits the text of an expression into tokens.
struct ExpressionLexer {
    enum Token: Hashable {
        case word(String)
        case text(String)
        case number(Int64)
        case duration(Int64)
        case version(VersionNumber)
        case symbol(String)
    }

    struct Located {
        let token: Token
        let offset: Int
    }

    private let characters: [Character]
    private var position = 0

    init(_ text: String) {
        characters = Array(text)
    }

    static func tokens(_ text: String) throws(ExpressionError) -> [Located] {
        var lexer = Self(text)
        var result: [Located] = []
        while let token = try lexer.next() { result.append(token) }
        return result
    }

    private static let symbols = ["==", "!=", "<=", ">=", "..", "<", ">", "(", ")", "[", "]", ",", ":", ".", "+", "-"]

    private mutating func next() throws(ExpressionError) -> Located? {
        while position < characters.count, characters[position].isWhitespace { position += 1 }
        guard position < characters.count else { return nil }
        let start = position
        let character = characters[position]
        if character == "\"" { return Located(token: .text(try quoted()), offset: start) }
        if character.isNumber { return Located(token: try number(), offset: start) }
        if Self.isWordStart(character) {
            while position < characters.count, Self.isWordPart(characters[position]) { position += 1 }
            return Located(token: version(from: start) ?? .word(String(characters[start..<position])), offset: start)
        }
        for symbol in Self.symbols where characters[position...].starts(with: symbol) {
            position += symbol.count
            return Located(token: .symbol(symbol), offset: start)
        }
        throw ExpressionError(offset: start, message: "unexpected character '\(character)'")
    }

    /// The version literal `v1.13.2` when the word just read begins one.
    private mutating func version(from start: Int) -> Token? {
        let word = characters[start..<position]
        guard word.first == "v", word.count > 1, word.dropFirst().allSatisfy(\.isNumber),
            position + 1 < characters.count, characters[position] == ".", characters[position + 1].isNumber
        else { return nil }
        while position + 1 < characters.count, characters[position] == ".", characters[position + 1].isNumber {
            position += 1
            while position < characters.count, characters[position].isNumber { position += 1 }
        }
        return VersionNumber(String(characters[start..<position])).map(Token.version)
    }

    private mutating func quoted() throws(ExpressionError) -> String {
        let start = position
        position += 1
        var value = ""
        while position < characters.count, characters[position] != "\"" {
            value.append(characters[position])
            position += 1
        }
        guard position < characters.count else {
            throw ExpressionError(offset: start, message: "the quote is not closed")
        }
        position += 1
        return value
    }

    private mutating func number() throws(ExpressionError) -> Token {
        let start = position
        while position < characters.count {
            let character = characters[position]
            let isFraction =
                character == "." && position + 1 < characters.count && characters[position + 1].isNumber
                && characters[start..<position].allSatisfy(\.isNumber)
            guard character.isNumber || character.isLetter || isFraction else { break }
            position += 1
        }
        let text = String(characters[start..<position])
        if let value = Int64(text) { return .number(value) }
        if text.hasPrefix("0x"), let value = Int64(text.dropFirst(2), radix: 16) { return .number(value) }
        if let nanoseconds = DurationText.nanoseconds(text) { return .duration(nanoseconds) }
        throw ExpressionError(offset: start, message: "'\(text)' is neither a number nor a duration")
    }

    private static func isWordStart(_ character: Character) -> Bool {
        character == "_" || (character.isASCII && character.isLetter)
    }

    private static func isWordPart(_ character: Character) -> Bool {
        isWordStart(character) || (character.isASCII && character.isNumber)
    }
}
