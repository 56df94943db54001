internal import NodeLocal

extension StepReader {
    /// Reads a load step; each group of its keys has a reader of its own.
    func load(_ map: YAMLMap) throws(YAMLDiagnostic) -> LoadStep {
        // What a load cannot do without is missed first.
        let shape = try loadShape(map)
        return LoadStep(
            target: try target(map, "target", role: nil),
            workload: try workload(map),
            phase: try map["phase"]?.identifier("phase") ?? "load",
            phases: try loadPhases(map, shape),
            questions: try loadQuestions(map),
            shape: shape,
            path: try loadPath(map),
            lookup: try loadLookup(map)
        )
    }
}
