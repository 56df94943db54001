/// A gate's condition as a tree; every tree is finite and its evaluation always ends.
indirect enum GateExpression: Hashable, Sendable {
    /// How two figures are compared.
    enum Comparison: String, Hashable, Sendable {
        case atMost = "<="
        case atLeast = ">="
        case less = "<"
        case more = ">"
        case equal = "=="
        case unequal = "!="
    }

    /// How two figures become one.
    enum Operation: String, Hashable, Sendable {
        case add = "+"
        case subtract = "-"
        case multiply = "*"
        case divide = "/"
        case minimum = "min"
        case maximum = "max"
    }

    case value(GateValue)
    case metric(GateMetric)
    case arithmetic(Operation, GateExpression, GateExpression)
    case comparison(Comparison, GateExpression, GateExpression)
    case both(GateExpression, GateExpression)
    case either(GateExpression, GateExpression)

    /// The metrics that the expression reads, in the order of the text.
    var metrics: [GateMetric] {
        switch self {
        case .value: []
        case .metric(let metric): [metric]
        case .arithmetic(_, let left, let right), .comparison(_, let left, let right), .both(let left, let right),
            .either(let left, let right):
            left.metrics + right.metrics
        }
    }
}

/// A metric that a gate reads.
struct GateMetric: Hashable, Sendable {
    /// The name under which its value is looked up.
    let name: String
    /// The sort of figure.
    let type: GateType
    /// Which step gives it.
    let source: GateMetricSource
    /// The words that it may be, when it is a word.
    let words: [String]
}

/// Which step of a scenario gives a metric its value.
enum GateMetricSource: Hashable, Sendable {
    /// A load or compare step on that target.
    case traffic(target: String)
    /// A compare step.
    case comparison
    /// A check step.
    case checks
    /// A prove step with that proof.
    case proof(String)
    /// A prove step, which captures.
    case capture
    /// A doctor step.
    case doctor
}
