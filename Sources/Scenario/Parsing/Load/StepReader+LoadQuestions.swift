internal import NodeLocal

extension StepReader {
    /// The keys that say what queries carry and how answers are looked at.
    static let loadQuestionKeys = [
        "edns", "do", "cd", "ad", "rd", "edns-options", "cookie", "verify", "popularity", "miss-rate",
    ]

    /// Reads what queries carry and how answers are looked at.
    func loadQuestions(_ map: YAMLMap) throws(YAMLDiagnostic) -> LoadQuestions {
        try refuseIdleKeys(map)
        let carriesCookie = try map.boolean("cookie") ?? false
        var options: [String] = []
        for item in try map["edns-options"]?.list() ?? [] {
            let text = try item.nonEmptyString()
            guard Self.isOption(text) else {
                throw item.diagnostic(
                    "'\(text)' is no EDNS option; write its code and octets, such as 10:0102030405060708"
                )
            }
            if carriesCookie, text.hasPrefix("10:") {
                throw item.diagnostic("'\(text)' is a second cookie beside that of 'cookie'; leave one out")
            }
            options.append(text)
        }
        return LoadQuestions(
            ednsPayloadSize: try map.integer("edns", in: 0...65_535).map { UInt16($0) },
            dnssecOK: try map.boolean("do") ?? false,
            checkingDisabled: try map.boolean("cd") ?? false,
            authenticData: try map.boolean("ad") ?? false,
            recursionDesired: try map.boolean("rd") ?? true,
            ednsOptions: options,
            carriesCookie: carriesCookie,
            verification: try map.choice("verify", default: .question),
            popularity: try map["popularity"].map { value throws(YAMLDiagnostic) in
                let text = try value.string()
                guard let popularity = QuestionPopularity(text) else {
                    throw value.diagnostic(
                        "'\(text)' is no popularity; write sequential, weighted, uniform or zipf:1.0"
                    )
                }
                return popularity
            },
            missShare: try map["miss-rate"].map { value throws(YAMLDiagnostic) in
                let text = try value.string()
                guard let share = QuantityText.ratio(text) else {
                    throw value.diagnostic("'\(text)' is no share; write 10% or 0.1")
                }
                return share
            } ?? 0
        )
    }

    /// Refuses what would change nothing: a replay sends what was captured, and phases ask each question in turn.
    private func refuseIdleKeys(_ map: YAMLMap) throws(YAMLDiagnostic) {
        if map["replay"] != nil {
            for key in Self.loadQuestionKeys + ["workload"] where key != "verify" {
                if let value = map[key] {
                    throw value.diagnostic(
                        "'\(key)' changes nothing in a replay, whose queries are those of the capture"
                    )
                }
            }
        }
        if map["phases"] != nil {
            for key in ["popularity", "miss-rate", "queries", "spacing", "phase"] {
                if let value = map[key] {
                    throw value.diagnostic("'\(key)' and 'phases' exclude each other: phases ask each question in turn")
                }
            }
        }
        if map["find-max"] != nil {
            for key in ["queries", "phase"] {
                if let value = map[key] { throw value.diagnostic("'\(key)' changes nothing in a search; leave it out") }
            }
        }
        if let value = map["workload"], let name = try? value.string(), isBinary(name) {
            for key in Self.loadQuestionKeys where key != "verify" {
                if let value = map[key] {
                    throw value.diagnostic("'\(key)' changes nothing in whole messages, which are sent as they are")
                }
            }
        }
    }

    private func isBinary(_ name: String) -> Bool {
        if case .binaryDataFile = workloads.first(where: { $0.name == name })?.source { true } else { false }
    }

    private static func isOption(_ text: String) -> Bool {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, UInt16(parts[0]) != nil else { return false }
        return parts[1].utf8.count % 2 == 0 && parts[1].utf8.count <= 8_192
            && parts[1].allSatisfy { $0.isASCII && $0.isHexDigit }
    }
}
