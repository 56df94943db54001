extension CheckDefinition {
    /// The steps in the order of the file, each before those that happen while it runs.
    var allSteps: [CheckStep] { steps.flatMap { [$0] + $0.meanwhile } }

    /// Every expression of assertions, conditions, waits and polls, with all their parts.
    var allExpressions: [Expression] {
        var statements = assertions.flatMap { $0.alternatives.flatMap { $0 } + ($0.condition.map { [$0] } ?? []) }
        var expressions: [Expression] = []
        for step in allSteps {
            if let condition = step.condition { statements.append(condition) }
            switch step.action {
            case .poll(let poll):
                expressions += poll.until.subexpressions
                if let stop = poll.stop { statements.append(stop) }
            case .wait(.until(let expression)): expressions += expression.subexpressions
            default: continue
            }
        }
        return statements.flatMap(\.subexpressions) + expressions
    }

    /// Whether an assertion asks what went upstream.
    package var looksUpstream: Bool {
        allExpressions.contains { expression in
            if case .call(let name, _) = expression { name.first == "upstream" } else { false }
        }
    }
}

extension CheckDefinition {
    /// Whether a step changes the lab around the target; such a check runs alone, after the others.
    package var actsOnLab: Bool {
        allSteps.contains { if case .lab = $0.action { true } else { false } }
    }
}

extension CheckStep.Action {
    /// Whether the step sees something that the check must speak of.
    var needsAssertion: Bool {
        switch self {
        case .query, .queries, .burst, .load, .tcp, .http, .silence: true
        // A poll that ends on a condition is a way to wait.
        case .poll(let poll): poll.stop == nil
        case .wait, .scrape, .node, .lab: false
        }
    }

    /// The fields of what the step saves; nil for a step that saves nothing.
    var fieldNames: Set<String>? {
        switch self {
        case .query, .queries, .burst, .load, .poll, .silence: Exchange.fieldNames
        case .tcp: Exchange.fieldNames.union(TCPSessionObservation.fieldNames)
        case .http: HTTPObservation.fieldNames
        case .scrape: MetricsObservation.fieldNames
        case .node: NodeObservation.fieldNames
        case .lab: LabObservation.fieldNames
        case .wait: nil
        }
    }

    /// Names that the step itself gives to its templates.
    var ownNames: Set<String> {
        if case .queries(_, let repetition) = self, !repetition.items.isEmpty { return ["i", "id", "item"] }
        return ["i", "id"]
    }

    /// The texts of the step in which variables may stand.
    var templates: [String] {
        switch self {
        case .query(let step), .queries(let step, _), .silence(let step, _): step.message.templates
        case .poll(let poll): poll.query.message.templates
        case .load(let load): load.message.templates
        case .burst(let burst): burst.messages.flatMap(\.templates)
        case .tcp(let script):
            script.acts.flatMap { act -> [String] in
                switch act {
                case .query(let message, _, _, _, _): message.templates
                case .octets(let hex): [hex]
                default: []
                }
            }
        case .http(let step): [step.path]
        case .wait, .scrape, .node, .lab: []
        }
    }
}
