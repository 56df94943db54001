internal import NodeLocal

/// Reads a gate expression and checks its types.
///
/// ```
/// condition  = clause { ("and" | "or") clause }        "and" binds more tightly
/// clause     = sum ("<=" | "<" | ">=" | ">" | "==" | "!=") sum
/// sum        = product { ("+" | "-") product }
/// product    = factor { ("*" | "/") factor }
/// factor     = number | duration | share | metric | word | ("min" | "max") "(" sum "," sum ")" | "(" sum ")"
/// ```
struct GateParser {
    private struct Typed {
        var expression: GateExpression
        var type: GateType
        var offset: Int
        /// A word that still has to find the set it belongs to.
        var literal: String?
    }

    private let tokens: [GateToken]
    private let catalogue: GateMetricCatalogue
    private var position = 0
    private var depth = 0

    private static let maximumDepth = 32

    static func parse(
        _ text: String,
        catalogue: GateMetricCatalogue
    ) throws(GateSyntaxError) -> GateExpression {
        var parser = GateParser(tokens: try GateLexer.tokens(of: text), catalogue: catalogue)
        let expression = try parser.either()
        guard parser.current.kind == .end else { throw parser.unexpected("the gate should end here") }
        return expression
    }

    private init(tokens: [GateToken], catalogue: GateMetricCatalogue) {
        self.tokens = tokens
        self.catalogue = catalogue
    }

    private var current: GateToken { tokens[min(position, tokens.count - 1)] }

    private mutating func either() throws(GateSyntaxError) -> GateExpression {
        var left = try both()
        while current.kind == .name("or") {
            position += 1
            left = .either(left, try both())
        }
        return left
    }

    private mutating func both() throws(GateSyntaxError) -> GateExpression {
        var left = try clause()
        while current.kind == .name("and") {
            position += 1
            left = .both(left, try clause())
        }
        return left
    }

    private mutating func clause() throws(GateSyntaxError) -> GateExpression {
        let left = try sum()
        guard case .symbol(let symbol) = current.kind, let comparison = GateExpression.Comparison(rawValue: symbol)
        else {
            throw unexpected("a comparison such as <= should stand here")
        }
        let offset = current.offset
        position += 1
        let right = try sum()
        if left.type == .word || right.type == .word {
            return try words(left, comparison, right, offset: offset)
        }
        guard Self.areComparable(left.type, right.type) else {
            let isBare = [left.type, right.type].contains(.count) && [left.type, right.type].contains(.duration)
            throw GateSyntaxError(
                offset: offset,
                message: "a \(left.type.rawValue) cannot be compared with a \(right.type.rawValue)"
                    + (isBare ? "; a duration carries its unit, as in 2ms" : "")
            )
        }
        return .comparison(comparison, left.expression, right.expression)
    }

    private static func areComparable(_ left: GateType, _ right: GateType) -> Bool {
        if left == right { return true }
        return [left, right].allSatisfy { $0 == .ratio || $0 == .count }
    }

    private func words(
        _ left: Typed,
        _ comparison: GateExpression.Comparison,
        _ right: Typed,
        offset: Int
    ) throws(GateSyntaxError) -> GateExpression {
        guard comparison == .equal || comparison == .unequal else {
            throw GateSyntaxError(offset: offset, message: "a word is compared by == or != alone")
        }
        guard case .metric(let metric) = left.expression, metric.type == .word else {
            throw unknownMetric(left.literal ?? "", offset: left.offset)
        }
        guard let word = right.literal else {
            throw GateSyntaxError(
                offset: right.offset,
                message: "\(metric.name) is one of the words \(metric.words.joined(separator: ", "))"
            )
        }
        guard metric.words.contains(word) else {
            throw GateSyntaxError(
                offset: right.offset,
                message: "\(metric.name) is never '\(word)'\(Suggestion.sentence(for: word, among: metric.words))"
            )
        }
        return .comparison(comparison, left.expression, right.expression)
    }

    private mutating func sum() throws(GateSyntaxError) -> Typed {
        var left = try product()
        while case .symbol(let symbol) = current.kind, let operation = GateExpression.Operation(rawValue: symbol),
            operation == .add || operation == .subtract
        {
            let offset = current.offset
            position += 1
            left = try combine(operation, left, try product(), offset: offset)
        }
        return left
    }

    private mutating func product() throws(GateSyntaxError) -> Typed {
        var left = try factor()
        while case .symbol(let symbol) = current.kind, let operation = GateExpression.Operation(rawValue: symbol),
            operation == .multiply || operation == .divide
        {
            let offset = current.offset
            position += 1
            left = try combine(operation, left, try factor(), offset: offset)
        }
        return left
    }

    private mutating func factor() throws(GateSyntaxError) -> Typed {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw unexpected("the gate nests too deeply here") }
        let token = current
        switch token.kind {
        case .value(let value):
            position += 1
            return Typed(expression: .value(value), type: value.type, offset: token.offset)
        case .symbol("("):
            position += 1
            let inner = try sum()
            try expect(")")
            return inner
        case .name(let name):
            position += 1
            if current.kind == .symbol("("), name == "min" || name == "max" {
                return try function(name == "min" ? .minimum : .maximum, offset: token.offset)
            }
            if let metric = catalogue.metric(name) {
                return Typed(expression: .metric(metric), type: metric.type, offset: token.offset)
            }
            guard !name.contains("."), name != "and", name != "or" else {
                throw unknownMetric(name, offset: token.offset)
            }
            return Typed(expression: .value(.word(name)), type: .word, offset: token.offset, literal: name)
        case .symbol, .end: throw unexpected("a metric or a number should stand here")
        }
    }

    private mutating func function(
        _ operation: GateExpression.Operation,
        offset: Int
    ) throws(GateSyntaxError) -> Typed {
        try expect("(")
        let left = try sum()
        try expect(",")
        let right = try sum()
        try expect(")")
        return try combine(operation, left, right, offset: offset)
    }

    private func combine(
        _ operation: GateExpression.Operation,
        _ left: Typed,
        _ right: Typed,
        offset: Int
    ) throws(GateSyntaxError) -> Typed {
        for side in [left, right] where side.type == .word {
            if let literal = side.literal { throw unknownMetric(literal, offset: side.offset) }
            throw GateSyntaxError(offset: side.offset, message: "a word cannot be reckoned with")
        }
        guard let type = Self.type(of: operation, left.type, right.type) else {
            throw GateSyntaxError(
                offset: offset,
                message: "'\(operation.rawValue)' does not take a \(left.type.rawValue) and a \(right.type.rawValue)"
            )
        }
        return Typed(
            expression: .arithmetic(operation, left.expression, right.expression),
            type: type,
            offset: left.offset
        )
    }

    /// The sort of figure that an operation gives, or nil when it makes no sense.
    static func type(of operation: GateExpression.Operation, _ left: GateType, _ right: GateType) -> GateType? {
        switch (operation, left, right) {
        case (.multiply, .duration, .count), (.multiply, .count, .duration), (.divide, .duration, .count),
            (.multiply, .duration, .ratio), (.multiply, .ratio, .duration):
            .duration
        case (.divide, .duration, .duration): .count
        case (.multiply, .duration, .duration), (.divide, _, .duration): nil
        case (_, .duration, .duration): .duration
        case (_, .duration, _), (_, _, .duration), (_, .word, _), (_, _, .word): nil
        case (_, .count, .count): .count
        case (.divide, .ratio, .ratio): .count
        case (_, .ratio, _), (_, _, .ratio): .ratio
        }
    }

    private mutating func expect(_ symbol: String) throws(GateSyntaxError) {
        guard current.kind == .symbol(symbol) else { throw unexpected("'\(symbol)' should stand here") }
        position += 1
    }

    private func unexpected(_ message: String) -> GateSyntaxError {
        GateSyntaxError(offset: current.offset, message: message)
    }

    private func unknownMetric(_ name: String, offset: Int) -> GateSyntaxError {
        let hint = Suggestion.closest(to: name, among: catalogue.names).map { "; did you mean '\($0)'?" } ?? ""
        return GateSyntaxError(offset: offset, message: "there is no metric '\(name)'\(hint)")
    }
}
