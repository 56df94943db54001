internal import NodeLocal

extension StepReader {
    /// The keys that say when queries are sent.
    static let loadShapeKeys = ["rate", "outstanding", "duration"]

    /// Reads when queries are sent, and for how long.
    func loadShape(_ map: YAMLMap) throws(YAMLDiagnostic) -> LoadShape {
        LoadShape(
            pace: try pace(map),
            durationNanoseconds: try map.duration(
                "duration",
                in: 10_000_000...Self.longest,
                default: 10 * Self.second
            )
        )
    }

    private func pace(_ map: YAMLMap) throws(YAMLDiagnostic) -> LoadPace {
        switch (map["rate"], map["outstanding"]) {
        case (let rate?, nil): return .rate(perSecond: try rate.rate())
        case (nil, let outstanding?): return .outstanding(try outstanding.integer(in: 1...1_000_000))
        case (nil, nil): throw map.tree.diagnostic("a load step needs 'rate' or 'outstanding'")
        case (_, let outstanding?):
            throw outstanding.diagnostic(
                "'rate' and 'outstanding' exclude each other: the one paces by time, the other by answers"
            )
        }
    }
}
