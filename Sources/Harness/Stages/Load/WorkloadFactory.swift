package import DNSBench
import DNSWire
import Measure
package import Scenario

/// Turns what a scenario says of a workload into pre-encoded queries, given the names of a site.
package enum WorkloadFactory {
    /// The most questions of one workload; a cluster has more names than a segment can ask.
    private static let populationLimit = 4_000

    /// Builds the workload of that plan.
    ///
    /// - Throws: ``Failure`` when a data file is missing or wrong, or no name is known to ask for.
    package static func make(
        _ plan: WorkloadPlan,
        site: Site,
        seed: UInt64,
        options: QueryOptions = QueryOptions()
    ) throws -> Workload {
        switch plan.source {
        case .dataFile(let path):
            let bytes = try TextFile.data(path, what: "the data file")
            return try Workload.dataFile(bytes, file: path, seed: seed, options: options)
        case .binaryDataFile(let path):
            return try Workload.binaryDataFile(try TextFile.data(path, what: "the data file"), file: path)
        case .kubernetes(let mix):
            var names: [WorkloadPart: [DNSName]] = [:]
            var generator = SeededGenerator(seed: seed, stream: 0x5EED)
            for part in WorkloadPart.allCases {
                names[part] = Array((site.names[part] ?? []).shuffled(using: &generator).prefix(populationLimit))
            }
            let questions = mix.questions(clusterNames: names)
            guard !questions.isEmpty else {
                throw Failure(.badScenario, "workload \"\(plan.name)\": no name of the cluster is known; give names")
            }
            return try Workload.queries(
                questions.map { WorkloadQuery(name: $0.name, type: $0.type, weight: $0.weight) },
                popularity: .weighted,
                seed: seed,
                options: options
            )
        }
    }
}
