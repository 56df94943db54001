/// A term of the assertion language.
package indirect enum Expression: Sendable, Hashable {
    case literal(CheckValue)
    /// A path such as `first.flags.aa`; the first part is a saved step, a variable or a fact.
    case path([String])
    /// A call such as `upstream.count(q, type: A)`.
    case call([String], [Argument])
    case list([Expression])
    case add(Expression, Expression)
    case subtract(Expression, Expression)

    /// One argument of a call, with or without a label.
    package struct Argument: Sendable, Hashable {
        /// The label before the colon, nil for a positional argument.
        package let label: String?
        package let value: Expression
    }
}

/// The closed set of predicates.
package enum Predicate: Sendable, Hashable {
    /// The relations of ordered values.
    package enum Relation: String, Sendable, Hashable, CaseIterable {
        case equal = "=="
        case notEqual = "!="
        case atMost = "<="
        case atLeast = ">="
        case less = "<"
        case greater = ">"
    }

    /// The set predicates over two lists.
    package enum SetRelation: String, Sendable, Hashable, CaseIterable {
        case subset, superset, sameset, disjoint
    }

    /// The predicates over one value, written `is …`.
    package enum Shape: String, Sendable, Hashable, CaseIterable {
        case present, absent, empty, nonempty, unique, uniform
        case increasing, decreasing, nonincreasing, nondecreasing
    }

    case compare(Relation, Expression)
    case memberOf(Expression)
    case range(Expression, Expression)
    case set(SetRelation, Expression)
    /// `a within tolerance of b`.
    case within(tolerance: Expression, of: Expression)
    /// `a precedes b`: the first happened before the second.
    case precedes(Expression)
    case shape(Shape)
}

/// One statement: a subject, a predicate, and whether each element of a list must satisfy it.
package struct Statement: Sendable, Hashable {
    /// The statement as it stands in the file, variables substituted.
    package let text: String
    package let subject: Expression
    package let predicate: Predicate
    /// `each …`: the subject is a non-empty list and every element satisfies the predicate.
    package let isQuantified: Bool
}

extension Expression {
    /// The expression itself and all its parts.
    package var subexpressions: [Expression] {
        switch self {
        case .literal, .path: [self]
        case .call(_, let arguments): [self] + arguments.flatMap(\.value.subexpressions)
        case .list(let elements): [self] + elements.flatMap(\.subexpressions)
        case .add(let left, let right), .subtract(let left, let right):
            [self] + left.subexpressions + right.subexpressions
        }
    }
}

extension Statement {
    /// Every expression of the statement with all their parts.
    package var subexpressions: [Expression] {
        let operands: [Expression] =
            switch predicate {
            case .compare(_, let other), .memberOf(let other), .set(_, let other), .precedes(let other): [other]
            case .range(let low, let high): [low, high]
            case .within(let tolerance, let other): [tolerance, other]
            case .shape: []
            }
        return ([subject] + operands).flatMap(\.subexpressions)
    }
}
