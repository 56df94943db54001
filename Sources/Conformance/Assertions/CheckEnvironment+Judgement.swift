/// What became of a statement.
enum Judgement: Sendable, Hashable {
    case holds
    /// The sentence says what was seen instead.
    case fails(actual: String)
    case notApplicable(String)
    case inconclusive(String)
}

extension CheckEnvironment {
    /// Judges one statement.
    func judge(_ statement: Statement) throws(EvaluationError) -> Judgement {
        let subject = try value(of: statement.subject)
        guard statement.isQuantified else {
            return try judge(subject, statement.predicate, shown: Self.show(statement.subject))
        }
        switch subject {
        case .unknown(let reason): return .notApplicable(reason)
        case .unobservable(let reason): return .inconclusive(reason)
        case .absent(let reason): return .fails(actual: "\(Self.show(statement.subject)): \(reason)")
        case .list(let elements):
            guard !elements.isEmpty else { return .fails(actual: "\(Self.show(statement.subject)) is an empty list") }
            for (index, element) in elements.enumerated() {
                let shown = "element \(index + 1) of \(elements.count) of \(Self.show(statement.subject))"
                let judgement = try judge(element, statement.predicate, shown: shown)
                if judgement != .holds { return judgement }
            }
            return .holds
        default: throw EvaluationError("'each' takes a list, not \(subject.typePhrase)")
        }
    }

    private func judge(
        _ subject: CheckValue,
        _ predicate: Predicate,
        shown: String
    ) throws(EvaluationError) -> Judgement {
        if case .shape(let shape) = predicate { return try judge(subject, shape, shown: shown) }
        let operands = try operands(of: predicate)
        switch Self.hole(in: [subject] + operands) {
        case .unknown(let reason)?: return .notApplicable(reason)
        case .unobservable(let reason)?: return .inconclusive(reason)
        case .absent(let reason)?:
            return .fails(
                actual: subject.isHole ? "\(shown): \(reason)" : "nothing to compare \(shown) with: \(reason)"
            )
        default: break
        }
        let holds =
            switch predicate {
            case .compare(let relation, _): try Self.compare(subject, relation, operands[0])
            case .range: try Self.isBetween(operands[0], subject, operands[1])
            case .memberOf: try Self.elements(operands[0], "in").contains(subject)
            case .set(let relation, _): try Self.compare(subject, relation, operands[0])
            case .within: try Self.isWithin(subject, operands[0], of: operands[1])
            case .precedes: try Self.order(subject, operands[0]) < 0
            case .shape: true
            }
        return holds ? .holds : .fails(actual: "\(shown) is \(subject)")
    }

    private func operands(of predicate: Predicate) throws(EvaluationError) -> [CheckValue] {
        switch predicate {
        case .compare(_, let other), .memberOf(let other), .set(_, let other), .precedes(let other):
            return [try value(of: other)]
        case .range(let low, let high): return [try value(of: low), try value(of: high)]
        case .within(let tolerance, let other): return [try value(of: tolerance), try value(of: other)]
        case .shape: return []
        }
    }

    // MARK: Relations

    private static func compare(
        _ left: CheckValue,
        _ relation: Predicate.Relation,
        _ right: CheckValue
    ) throws(EvaluationError) -> Bool {
        switch relation {
        case .equal, .notEqual:
            guard left.typeName == right.typeName else {
                throw EvaluationError("\(left.typePhrase) and \(right.typePhrase) cannot be compared")
            }
            return (left == right) == (relation == .equal)
        case .atMost: return try order(left, right) <= 0
        case .atLeast: return try order(left, right) >= 0
        case .less: return try order(left, right) < 0
        case .greater: return try order(left, right) > 0
        }
    }

    private static func compare(
        _ left: CheckValue,
        _ relation: Predicate.SetRelation,
        _ right: CheckValue
    ) throws(EvaluationError) -> Bool {
        let a = Set(try elements(left, relation.rawValue))
        let b = Set(try elements(right, relation.rawValue))
        return switch relation {
        case .subset: a.isSubset(of: b)
        case .superset: a.isSuperset(of: b)
        case .sameset: a == b
        case .disjoint: a.isDisjoint(with: b)
        }
    }

    private static func isBetween(
        _ low: CheckValue,
        _ value: CheckValue,
        _ high: CheckValue
    ) throws(EvaluationError) -> Bool {
        let fromLow = try order(value, low)
        let fromHigh = try order(value, high)
        return fromLow >= 0 && fromHigh <= 0
    }

    private static func isWithin(
        _ value: CheckValue,
        _ tolerance: CheckValue,
        of other: CheckValue
    ) throws(EvaluationError) -> Bool {
        switch (value, tolerance, other) {
        case (.integer(let a), .integer(let limit), .integer(let b)),
            (.duration(let a), .duration(let limit), .duration(let b)),
            (.time(let a), .duration(let limit), .time(let b)):
            return (a - b).magnitude <= limit.magnitude
        default:
            throw EvaluationError("\(value.typePhrase) is not within \(tolerance.typePhrase) of \(other.typePhrase)")
        }
    }

    /// Below, at or above zero as the left value orders against the right one.
    static func order(_ left: CheckValue, _ right: CheckValue) throws(EvaluationError) -> Int {
        switch (left, right) {
        case (.integer(let a), .integer(let b)), (.duration(let a), .duration(let b)), (.time(let a), .time(let b)):
            return a < b ? -1 : (a == b ? 0 : 1)
        case (.version(let a), .version(let b)): return a < b ? -1 : (a == b ? 0 : 1)
        default: throw EvaluationError("\(left.typePhrase) and \(right.typePhrase) have no order")
        }
    }

    private static func elements(_ value: CheckValue, _ word: String) throws(EvaluationError) -> [CheckValue] {
        guard case .list(let elements) = value else {
            throw EvaluationError("'\(word)' takes lists, not \(value.typePhrase)")
        }
        return elements
    }

    // MARK: Shapes

    private func judge(
        _ subject: CheckValue,
        _ shape: Predicate.Shape,
        shown: String
    ) throws(EvaluationError) -> Judgement {
        switch subject {
        case .unknown(let reason): return .notApplicable(reason)
        case .unobservable(let reason): return .inconclusive(reason)
        case .absent(let reason):
            return shape == .absent ? .holds : .fails(actual: "\(shown): \(reason)")
        default: break
        }
        let holds: Bool
        switch shape {
        case .present: holds = true
        case .absent: holds = false
        case .empty: holds = try Self.elements(subject, "empty").isEmpty
        case .nonempty: holds = try !Self.elements(subject, "nonempty").isEmpty
        case .unique, .uniform:
            let elements = try Self.elements(subject, shape.rawValue)
            let distinct = Set(elements).count
            holds = shape == .unique ? distinct == elements.count : distinct == 1
        case .increasing: holds = try Self.isMonotone(subject, shape) { $0 < 0 }
        case .decreasing: holds = try Self.isMonotone(subject, shape) { $0 > 0 }
        case .nonincreasing: holds = try Self.isMonotone(subject, shape) { $0 >= 0 }
        case .nondecreasing: holds = try Self.isMonotone(subject, shape) { $0 <= 0 }
        }
        return holds ? .holds : .fails(actual: "\(shown) is \(subject)")
    }

    private static func isMonotone(
        _ subject: CheckValue,
        _ shape: Predicate.Shape,
        _ accepts: (Int) -> Bool
    ) throws(EvaluationError) -> Bool {
        let elements = try elements(subject, shape.rawValue)
        for (a, b) in zip(elements, elements.dropFirst()) {
            if a.isHole || b.isHole { return false }
            let order = try order(a, b)
            if !accepts(order) { return false }
        }
        return true
    }

    /// An expression as a report shows it.
    static func show(_ expression: Expression) -> String {
        switch expression {
        case .literal(let value): value.description
        case .path(let parts): parts.joined(separator: ".")
        case .call(let name, let arguments):
            name.joined(separator: ".") + "("
                + arguments.map { ($0.label.map { "\($0): " } ?? "") + show($0.value) }.joined(separator: ", ") + ")"
        case .list(let elements): "[" + elements.map(show).joined(separator: ", ") + "]"
        case .add(let left, let right): "\(show(left)) + \(show(right))"
        case .subtract(let left, let right): "\(show(left)) - \(show(right))"
        }
    }
}
