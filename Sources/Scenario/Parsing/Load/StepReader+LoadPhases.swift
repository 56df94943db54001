internal import NodeLocal

extension StepReader {
    /// The keys that say in which states of the cache a load is measured.
    static let loadPhaseKeys = ["phases", "expiring-ttl"]

    /// Reads the phases; nil when the load takes the cache as it is.
    func loadPhases(_ map: YAMLMap, _ shape: LoadShape) throws(YAMLDiagnostic) -> LoadPhases? {
        guard let value = map["phases"] else {
            if let ttl = map["expiring-ttl"] { throw ttl.diagnostic("'expiring-ttl' needs 'phases'") }
            return nil
        }
        guard case .rate = shape.pace else {
            throw value.diagnostic("'phases' needs 'rate': each phase asks so many questions in a known time")
        }
        if let other = map["lookup"] { throw other.diagnostic("'lookup' and 'phases' exclude each other") }
        var phases: [CachePhase] = []
        for item in try value.list() {
            let phase = try item.choice(of: CachePhase.self)
            guard !phases.contains(phase) else { throw item.diagnostic("the phase \(phase.rawValue) is given twice") }
            phases.append(phase)
        }
        guard !phases.isEmpty else { throw value.diagnostic("'phases' lists no phase") }
        return LoadPhases(
            phases: phases,
            ttlNanoseconds: try map["expiring-ttl"].map { value throws(YAMLDiagnostic) in
                try value.duration(in: Self.second...3_600 * Self.second)
            }
        )
    }
}
