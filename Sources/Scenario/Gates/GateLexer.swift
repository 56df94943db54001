import NodeLocal

/// A word of a gate expression.
struct GateToken: Hashable {
    /// The sorts of word.
    enum Kind: Hashable {
        case value(GateValue)
        /// A metric, a word of a closed set, `and`, `or`, `min` or `max`.
        case name(String)
        case symbol(String)
        case end
    }

    let kind: Kind
    /// Characters before it.
    let offset: Int
}

/// Splits a gate expression into words.
///
/// A `-` inside a name belongs to it (`proof.force-tcp`); subtraction therefore needs a space before the `-`.
struct GateLexer {
    private static let symbols = ["<=", ">=", "==", "!=", "<", ">", "*", "/", "+", "-", "(", ")", ","]
    private static let maximumLength = 1_000

    static func tokens(of text: String) throws(GateSyntaxError) -> [GateToken] {
        let characters = Array(text)
        guard characters.count <= maximumLength else {
            throw GateSyntaxError(offset: 0, message: "the gate is longer than \(maximumLength) characters")
        }
        var tokens: [GateToken] = []
        var position = 0
        while position < characters.count {
            let character = characters[position]
            if character.isWhitespace {
                position += 1
            } else if character.isASCII, character.isNumber {
                let end = characters[position...].firstIndex { !isNumeric($0) } ?? characters.count
                let word = String(characters[position..<end])
                guard let value = value(of: word) else {
                    throw GateSyntaxError(
                        offset: position,
                        message: "'\(word)' is neither a number, a duration such as 2ms nor a share such as 0.1%"
                    )
                }
                tokens.append(GateToken(kind: .value(value), offset: position))
                position = end
            } else if character.isASCII, character.isLetter {
                let end = nameEnd(in: characters, from: position)
                tokens.append(GateToken(kind: .name(String(characters[position..<end])), offset: position))
                position = end
            } else if let symbol = symbols.first(where: { characters[position...].starts(with: $0) }) {
                tokens.append(GateToken(kind: .symbol(symbol), offset: position))
                position += symbol.count
            } else {
                let hint = character == "=" ? "; write == to compare" : ""
                throw GateSyntaxError(offset: position, message: "'\(character)' means nothing in a gate\(hint)")
            }
        }
        tokens.append(GateToken(kind: .end, offset: characters.count))
        return tokens
    }

    private static func isNumeric(_ character: Character) -> Bool {
        character.isASCII && (character.isNumber || character.isLetter || character == "." || character == "%")
            || character == "µ"
    }

    private static func nameEnd(in characters: [Character], from start: Int) -> Int {
        var end = start
        while end < characters.count {
            let character = characters[end]
            let joins = character == "-" || character == "."
            let isJoint = joins && end + 1 < characters.count && isNamePart(characters[end + 1])
            guard isNamePart(character) || isJoint else { break }
            end += 1
        }
        return end
    }

    private static func isNamePart(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "_")
    }

    private static func value(of word: String) -> GateValue? {
        if word.hasSuffix("%") { return QuantityText.ratio(word).map { .ratio($0) } }
        if word.allSatisfy({ $0.isNumber || $0 == "." }) { return Double(word).map { .count($0) } }
        return DurationText.nanoseconds(word).map { .duration(Double($0)) }
    }
}
