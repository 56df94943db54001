internal import Measure
internal import NodeLocal

extension StepReader {
    /// The keys that say when queries are sent.
    static let loadShapeKeys = paceKeys + ["spacing", "duration", "queries", "interval"]
    private static let paceKeys = ["rate", "outstanding", "stages", "burst", "replay", "find-max"]

    /// Reads when queries are sent, and for how long.
    func loadShape(_ map: YAMLMap) throws(YAMLDiagnostic) -> LoadShape {
        let pace = try pace(map)
        return LoadShape(
            pace: pace,
            spacing: try spacing(map, pace),
            durationNanoseconds: try duration(map, pace),
            queries: try map.integer("queries", in: 1...1_000_000_000_000).map { UInt64($0) },
            intervalNanoseconds: try map.duration(
                "interval",
                in: 100_000_000...3_600 * Self.second,
                default: Self.second
            )
        )
    }

    private func pace(_ map: YAMLMap) throws(YAMLDiagnostic) -> LoadPace {
        let given = Self.paceKeys.filter { map[$0] != nil }
        guard let key = given.first, let value = map[key] else {
            throw map.tree.diagnostic("a load step needs 'rate' or 'outstanding'")
        }
        if given.count > 1, let other = map[given[1]] {
            throw other.diagnostic(
                Set(given) == ["rate", "outstanding"]
                    ? "'rate' and 'outstanding' exclude each other: the one paces by time, the other by answers"
                    : "'\(key)' and '\(given[1])' exclude each other: each says when queries are sent"
            )
        }
        switch key {
        case "rate": return .rate(perSecond: try value.rate())
        case "outstanding": return .outstanding(try value.integer(in: 1...1_000_000))
        case "stages": return .stages(try stages(value))
        case "burst": return try burst(value)
        case "replay": return try replay(value)
        default: return .findMax(try findMax(value))
        }
    }

    private func stages(_ value: YAMLTree) throws(YAMLDiagnostic) -> [RateStage] {
        var stages: [RateStage] = []
        for item in try value.list() {
            let text = try item.nonEmptyString()
            guard let stage = StageText.stage(text) else {
                throw item.diagnostic("'\(text)' is no stage; write a rate or a ramp and a time, such as 0-5000/s:60s")
            }
            stages.append(stage)
        }
        guard stages.contains(where: { $0.count >= 1 }) else {
            throw value.diagnostic("no query is due in these stages")
        }
        return stages
    }

    private func burst(_ value: YAMLTree) throws(YAMLDiagnostic) -> LoadPace {
        let map = try value.map(.burst)
        return .burst(
            size: try map.required("size").integer(in: 1...1_000_000),
            everyNanoseconds: try map.required("every").duration(in: 1_000_000...3_600 * Self.second)
        )
    }

    private func replay(_ value: YAMLTree) throws(YAMLDiagnostic) -> LoadPace {
        let map = try value.map(.replay)
        var speed = 1.0
        if let given = map["speed"] {
            speed = try given.number()
            guard (0.001...1_000).contains(speed) else {
                throw given.diagnostic("a replay's speed is 0.001 to 1000 times the capture's")
            }
        }
        let path = try map.required("file").nonEmptyString()
        return .replay(path: ScenarioPath.resolve(path, besides: file), speed: speed)
    }

    private func findMax(_ value: YAMLTree) throws(YAMLDiagnostic) -> FindMaxPlan {
        let map = value.isNull ? YAMLMap.empty(at: value) : try value.map(.findMax)
        func share(_ key: String) throws(YAMLDiagnostic) -> Double {
            guard let value = map[key] else { return 0.001 }
            let text = try value.string()
            guard let share = QuantityText.ratio(text) else {
                throw value.diagnostic("'\(text)' is no share; write 0.1% or 0.001")
            }
            return share
        }
        let trials = 100_000_000...3_600 * Self.second
        return FindMaxPlan(
            loss: try share("loss"),
            p99Nanoseconds: try map["p99"].map { value throws(YAMLDiagnostic) in
                try value.duration(in: 1_000...60 * Self.second)
            },
            servfail: try share("servfail"),
            mostPerSecond: try map["max-rate"]?.rate() ?? 100_000,
            trialNanoseconds: try map.duration("trial", in: trials, default: 2 * Self.second),
            confirmNanoseconds: try map.duration("confirm", in: trials, default: 10 * Self.second)
        )
    }

    private func spacing(_ map: YAMLMap, _ pace: LoadPace) throws(YAMLDiagnostic) -> ArrivalSchedule.Spacing {
        guard let value = map["spacing"] else { return .constant }
        switch pace {
        case .rate, .stages: return try value.choice(of: ArrivalSchedule.Spacing.self)
        case .outstanding, .burst, .replay, .findMax:
            throw value.diagnostic("'spacing' is for 'rate' and 'stages' only: nothing else has gaps to draw")
        }
    }

    private func duration(_ map: YAMLMap, _ pace: LoadPace) throws(YAMLDiagnostic) -> Int64 {
        switch pace {
        case .stages(let stages):
            if let value = map["duration"] {
                throw value.diagnostic("'duration' is the sum of the stages; leave it out")
            }
            let total = stages.reduce(Int64(0)) { $0 &+ $1.durationNanoseconds }
            guard total <= Self.longest else { throw map.tree.diagnostic("the stages last longer than a day") }
            return total
        case .findMax(let plan):
            if let value = map["duration"] {
                throw value.diagnostic("'find-max' has durations of its own, 'trial' and 'confirm'; leave this one out")
            }
            return plan.confirmNanoseconds
        case .replay: return try map.duration("duration", in: 10_000_000...Self.longest, default: Self.longest)
        case .rate, .outstanding, .burst:
            return try map.duration("duration", in: 10_000_000...Self.longest, default: 10 * Self.second)
        }
    }
}
