/// How closely answers are looked at; the load engine has a type of that name.
package enum AnswerVerification: String, Sendable, Hashable, CaseIterable {
    /// The socket and the id.
    case id
    /// The question besides.
    case question
    /// The whole answer besides, and what the workload expects of it.
    case answer
}

/// How often each question of a workload is asked.
package enum QuestionPopularity: Sendable, Hashable {
    /// In their order, over and over.
    case sequential
    /// Drawn by the workload's own weights.
    case weighted
    /// Drawn, each as often as any other.
    case uniform
    /// Drawn by weight over rank to the power of the exponent.
    case zipf(Double)

    /// Reads `sequential`, `weighted`, `uniform` or `zipf:EXPONENT`, 0 to 4; `nil` when it is none.
    package init?(_ text: String) {
        switch text {
        case "sequential": self = .sequential
        case "weighted": self = .weighted
        case "uniform": self = .uniform
        default:
            guard text.hasPrefix("zipf:"), let exponent = Double(text.dropFirst(5)), (0...4).contains(exponent) else {
                return nil
            }
            self = .zipf(exponent)
        }
    }

    var text: String {
        switch self {
        case .sequential: "sequential"
        case .weighted: "weighted"
        case .uniform: "uniform"
        case .zipf(let exponent): "zipf:\(exponent)"
        }
    }
}

/// What the queries of a load carry besides their questions, and how closely answers are looked at.
package struct LoadQuestions: Sendable, Hashable {
    /// The UDP payload size of an OPT record; `nil` sends none unless something else needs it.
    package let ednsPayloadSize: UInt16?
    /// The DO bit.
    package let dnssecOK: Bool
    /// The CD bit.
    package let checkingDisabled: Bool
    /// The AD bit.
    package let authenticData: Bool
    /// The RD bit.
    package let recursionDesired: Bool
    /// EDNS options as `CODE:HEX`.
    package let ednsOptions: [String]
    /// Whether a client cookie goes out, and the server's comes back with later queries (RFC 7873).
    package let carriesCookie: Bool
    /// How closely answers are looked at.
    package let verification: AnswerVerification
    /// How often each question is asked; `nil` is the workload's own way.
    package let popularity: QuestionPopularity?
    /// The share of queries that get a name of their own, which no cache knows.
    package let missShare: Double
}

extension LoadQuestions {
    var settings: [String: ResolvedValue] {
        var settings: [String: ResolvedValue] = [
            "do": .boolean(dnssecOK), "cd": .boolean(checkingDisabled), "ad": .boolean(authenticData),
            "rd": .boolean(recursionDesired), "edns_options": .array(ednsOptions.map { .string($0) }),
            "cookie": .boolean(carriesCookie), "verify": .string(verification.rawValue),
        ]
        settings["popularity"] = popularity.map { .string($0.text) }
        settings["miss_rate"] = .number(missShare)
        settings["edns"] = ednsPayloadSize.map { .integer(Int64($0)) }
        return settings
    }
}
