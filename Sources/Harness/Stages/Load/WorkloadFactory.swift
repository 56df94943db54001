package import DNSBench
package import DNSWire
import Measure
package import Scenario

/// Turns what a scenario says of a workload into pre-encoded queries, given the names of a site.
package enum WorkloadFactory {
    /// The most questions of one workload; a cluster has more names than a segment can ask.
    private static let populationLimit = 4_000

    /// Builds the workload of that plan.
    ///
    /// - Parameter siteNames: the names of the cluster, which data files and names of the scenario need not have.
    /// - Throws: ``Failure`` when a data file is missing or wrong, or no name is known to ask for.
    package static func make(
        _ plan: WorkloadPlan,
        names siteNames: [WorkloadPart: [DNSName]],
        seed: UInt64,
        options: QueryOptions = QueryOptions(),
        popularity: QuestionPopularity? = nil,
        missShare: Double = 0
    ) throws -> Workload {
        switch plan.source {
        case .dataFile(let path):
            let bytes = try TextFile.data(path, what: "the data file")
            return try Workload.dataFile(
                bytes,
                file: path,
                popularity: popularity.map { DNSBench.Popularity($0) } ?? .sequential,
                seed: seed,
                options: options,
                missShare: missShare
            )
        case .binaryDataFile(let path):
            return try Workload.binaryDataFile(try TextFile.data(path, what: "the data file"), file: path)
        case .kubernetes(let mix):
            var names: [WorkloadPart: [DNSName]] = [:]
            var generator = SeededGenerator(seed: seed, stream: 0x5EED)
            let known = try knownNames(mix, siteNames: siteNames)
            for part in WorkloadPart.allCases {
                names[part] = Array((known[part] ?? []).shuffled(using: &generator).prefix(populationLimit))
            }
            let questions = mix.questions(clusterNames: names)
            guard !questions.isEmpty else {
                throw Failure(.badScenario, "workload \"\(plan.name)\": no name of the cluster is known; give names")
            }
            return try Workload.queries(
                questions.map {
                    WorkloadQuery(name: $0.name, type: $0.type, weight: popularity == .uniform ? 1 : $0.weight)
                },
                popularity: popularity.map { DNSBench.Popularity($0) } ?? .weighted,
                seed: seed,
                options: options,
                missShare: missShare
            )
        }
    }

    /// The names of the site, or those of the files that the workload names instead.
    static func knownNames(
        _ mix: KubernetesMix,
        siteNames: [WorkloadPart: [DNSName]]
    ) throws -> [WorkloadPart: [DNSName]] {
        guard mix.servicesPath != nil || mix.namesPath != nil else { return siteNames }
        var names: [WorkloadPart: [DNSName]] = [:]
        if let path = mix.servicesPath {
            // The shortest domain of a pod's search list is the cluster's.
            let domain = mix.search.min { $0.wire.count < $1.wire.count } ?? .root
            names = try ClusterList(path: path, domain: domain).names
        }
        if let path = mix.namesPath { names.merge(try ClusterList.names(path: path)) { _, given in given } }
        return names
    }
}

extension DNSBench.Popularity {
    /// The engine's word for it; questions that are equally popular have equal weights.
    init(_ popularity: QuestionPopularity) {
        switch popularity {
        case .sequential: self = .sequential
        case .weighted, .uniform: self = .weighted
        case .zipf(let exponent): self = .zipf(exponent: exponent)
        }
    }
}
