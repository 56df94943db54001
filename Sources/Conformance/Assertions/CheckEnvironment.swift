internal import DNSWire

/// What expressions can refer to while one check runs.
struct CheckEnvironment: Sendable {
    /// What the steps saw, by the name that they saved.
    var saved: [String: StepObservation] = [:]
    /// Filled variables by name.
    var variables: [String: String] = [:]
    /// What the context knows, by dotted name.
    var facts: [String: CheckValue] = [:]
    var expectations = TargetExpectations(zones: [])
    /// Addresses behind an upstream address, for example the endpoints behind the cluster DNS IP.
    var upstreamAliases: [IPAddress: [IPAddress]] = [:]
    /// What a capture saw of the upstream side; nil without a capture or before the steps are over.
    var upstream: UpstreamView?
    /// Why there is no capture.
    var captureAbsence = "the upstream side is not captured"
    /// CLOCK_REALTIME minus CLOCK_MONOTONIC in nanoseconds, to place monotonic instants in a capture.
    var realtimeOffset: Int64 = 0
}

/// An expression that means nothing; the check ends with status `error`.
struct EvaluationError: Error, Sendable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension CheckEnvironment {
    /// The value of an expression.
    func value(of expression: Expression) throws(EvaluationError) -> CheckValue {
        switch expression {
        case .literal(let value): return value
        case .list(let elements):
            var values: [CheckValue] = []
            for element in elements { values.append(try value(of: element)) }
            return Self.hole(in: values.filter { $0.typeName != "absent" }) ?? .list(values)
        case .path(let parts): return try value(at: parts)
        case .call(let name, let arguments): return try call(name.joined(separator: "."), arguments)
        case .add(let left, let right):
            return try Self.combine(value(of: left), value(of: right), sign: 1)
        case .subtract(let left, let right):
            return try Self.combine(value(of: left), value(of: right), sign: -1)
        }
    }

    /// Why a condition does not hold, in words for the report.
    func absence(where condition: Statement) -> String {
        switch condition.subject {
        case .path(["have", "capture"]): captureAbsence
        case .path(["have", "scripted"]): "no upstream follows scripted names; that needs the lab"
        default: "only where \(condition.text)"
        }
    }

    private func value(at parts: [String]) throws(EvaluationError) -> CheckValue {
        let name = parts.joined(separator: ".")
        if let root = parts.first, let observation = saved[root] {
            return try Self.value(of: observation, at: parts.dropFirst().joined(separator: "."), called: name)
        }
        if let text = variables[name] { return .text(text) }
        if let fact = facts[name] { return fact }
        throw EvaluationError("'\(name)' is neither a saved step, a variable nor a fact")
    }

    private static func value(
        of observation: StepObservation,
        at path: String,
        called name: String
    ) throws(EvaluationError) -> CheckValue {
        let value: CheckValue? =
            switch observation {
            case .skipped(let reason): .unknown(reason)
            case .exchange(let exchange): path.isEmpty ? .time(exchange.endedAt) : exchange.value(at: path)
            case .exchanges(let exchanges): list(exchanges, at: path)
            case .session(let session): session.value(at: path) ?? list(session.exchanges, at: path)
            case .http(let reply): reply.value(at: path)
            case .metrics(let page): page.value(at: path)
            case .lab(let act): act.value(at: path)
            case .node(let node): node.value(at: path)
            }
        guard let value else { throw EvaluationError("there is no '\(name)'") }
        return value
    }

    private static func list(_ exchanges: [Exchange], at path: String) -> CheckValue? {
        if path.isEmpty { return .list(exchanges.map { .time($0.endedAt) }) }
        var values: [CheckValue] = []
        for exchange in exchanges {
            guard let value = exchange.value(at: path) else { return nil }
            values.append(value)
        }
        return .list(values)
    }

    private static func combine(
        _ left: CheckValue,
        _ right: CheckValue,
        sign: Int64
    ) throws(EvaluationError) -> CheckValue {
        if let hole = hole(in: [left, right]) { return hole }
        switch (left, right) {
        case (.integer(let a), .integer(let b)): return .integer(a &+ sign &* b)
        case (.duration(let a), .duration(let b)): return .duration(a &+ sign &* b)
        case (.time(let a), .duration(let b)): return .time(a &+ sign &* b)
        case (.time(let a), .time(let b)) where sign < 0: return .duration(a &- b)
        default:
            throw EvaluationError(
                "\(left.typePhrase) and \(right.typePhrase) cannot be \(sign > 0 ? "added" : "subtracted")"
            )
        }
    }

    /// The hole that decides when several values meet: what cannot be observed, then what is unknown, then what is absent.
    static func hole(in values: [CheckValue]) -> CheckValue? {
        let holes = values.filter(\.isHole)
        return holes.first { $0.typeName == "unobservable" } ?? holes.first { $0.typeName == "unknown" } ?? holes.first
    }
}
