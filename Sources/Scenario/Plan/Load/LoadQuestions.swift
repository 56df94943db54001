/// How closely answers are looked at; the load engine has a type of that name.
package enum AnswerVerification: String, Sendable, Hashable, CaseIterable {
    /// The socket and the id.
    case id
    /// The question besides.
    case question
    /// The whole answer besides, and what the workload expects of it.
    case answer
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
    /// Whether a client cookie goes out (RFC 7873).
    package let carriesCookie: Bool
    /// How closely answers are looked at.
    package let verification: AnswerVerification
}

extension LoadQuestions {
    var settings: [String: ResolvedValue] {
        var settings: [String: ResolvedValue] = [
            "do": .boolean(dnssecOK), "cd": .boolean(checkingDisabled), "ad": .boolean(authenticData),
            "rd": .boolean(recursionDesired), "edns_options": .array(ednsOptions.map { .string($0) }),
            "cookie": .boolean(carriesCookie), "verify": .string(verification.rawValue),
        ]
        settings["edns"] = ednsPayloadSize.map { .integer(Int64($0)) }
        return settings
    }
}
