import DNSBench
package import DNSWire
package import Scenario

/// What a data file holds that steps of a plan ask from: read and checked as for a run, with nothing sent.
package struct DataFileContents: Sendable, Equatable {
    /// The name of its workload.
    package let workload: String
    /// The file as the plan names it.
    package let path: String
    /// How many queries it holds; `nil` when steps only look its names up.
    package internal(set) var queries: Int?
    /// Its queries by type; those of whole messages without a question that can be read are of `TYPE0`.
    package internal(set) var types: [RecordType: Int] = [:]
    /// How many lookups its names make; `nil` when no step looks names up.
    package internal(set) var lookups: Int?

    /// Reads the data files of all steps in their order, each once for what it is used for.
    ///
    /// - Throws: what a run would end with: a `Failure` for a file that is missing, and `DataFileError` for a line that is
    ///   none.
    package static func read(_ plan: Plan, seed: UInt64) throws -> [DataFileContents] {
        var found: [DataFileContents] = []
        for step in plan.steps {
            switch step {
            case .load(let load):
                guard case .replay = load.shape.pace else {
                    try read(load.workload, of: plan, load: load, seed: seed, into: &found)
                    continue
                }
            case .compare(let compare): try read(compare.workload, of: plan, load: nil, seed: seed, into: &found)
            case .check, .prove, .doctor, .wait: break
            }
        }
        return found
    }

    private static func read(
        _ name: String,
        of plan: Plan,
        load: LoadStep?,
        seed: UInt64,
        into found: inout [DataFileContents]
    ) throws {
        guard let source = plan.workload(name), let path = source.source.dataPath else { return }
        let index = found.firstIndex { $0.workload == name } ?? found.count
        if index == found.count { found.append(DataFileContents(workload: name, path: path)) }
        let target = load.flatMap { plan.target($0.target) }
        if let load, let target, let lookup = load.lookup {
            let workload = try LookupFactory.make(source, lookup: lookup, target: target, names: [:], seed: seed) { _ in
            }
            found[index].lookups = workload.lookupCount
            return
        }
        var options = QueryOptions()
        if let load, let target { options = QueryOptions(load.questions, seed: seed, target: target) }
        let workload = try WorkloadFactory.make(
            source,
            names: [:],
            seed: seed,
            options: options,
            popularity: load?.questions.popularity,
            missShare: load?.questions.missShare ?? 0
        )
        found[index].queries = workload.queryCount
        found[index].types = workload.typeCounts
    }

    /// One line for people: `names.txt: 3 queries (2 A, 1 AAAA)`.
    package var sentence: String {
        var parts: [String] = []
        if let queries {
            let list = rankedTypes.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
            parts.append("\(queries) \(queries == 1 ? "query" : "queries") (\(list))")
        }
        if let lookups { parts.append("\(lookups) \(lookups == 1 ? "lookup" : "lookups")") }
        return "\(path): \(parts.joined(separator: ", "))"
    }

    /// Its figures as members of the workload in a resolved plan.
    package var resolved: [String: ResolvedValue] {
        var members: [String: ResolvedValue] = [:]
        if let queries {
            members["queries"] = .integer(Int64(queries))
            members["types"] = .object(
                Dictionary(uniqueKeysWithValues: types.map { ($0.key.description, .integer(Int64($0.value))) })
            )
        }
        members["lookups"] = lookups.map { .integer(Int64($0)) }
        return members
    }

    /// The most frequent first, and equals by their number.
    private var rankedTypes: [(key: RecordType, value: Int)] {
        types.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
    }
}

extension WorkloadPlan.Source {
    /// The file with the questions; `nil` where there is none.
    fileprivate var dataPath: String? {
        switch self {
        case .dataFile(let path), .binaryDataFile(let path): path
        case .kubernetes: nil
        }
    }
}
