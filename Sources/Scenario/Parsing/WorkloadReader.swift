internal import DNSWire
internal import NodeLocal

/// Reads one workload.
enum WorkloadReader {
    /// The kinds of workload.
    private enum Kind: String, CaseIterable {
        case kubernetes
        case dataFile = "data-file"
        case binaryDataFile = "binary-data-file"
    }

    private static let kubernetesKeys = [
        "mix", "zipf", "population", "types", "search", "ndots", "names", "services", "names-file",
    ]

    static func workload(_ entry: YAMLEntry, file: String) throws(YAMLDiagnostic) -> WorkloadPlan {
        guard YAMLTree.isIdentifier(entry.key) else {
            throw entry.diagnostic("'\(entry.key)' cannot name a workload; write letters, digits, - and _")
        }
        let map = try entry.value.map(.workload)
        let kind = try map.choice("kind", default: Kind.kubernetes)
        switch kind {
        case .dataFile, .binaryDataFile:
            for other in map.entries where kubernetesKeys.contains(other.key) {
                throw other.diagnostic("'\(other.key)' says nothing about a data file; its lines say what is asked")
            }
            let path = try map.required("file").nonEmptyString()
            let resolved = ScenarioPath.resolve(path, besides: file)
            return WorkloadPlan(
                name: entry.key,
                source: kind == .dataFile ? .dataFile(path: resolved) : .binaryDataFile(path: resolved)
            )
        case .kubernetes:
            if let other = map.entries.first(where: { $0.key == "file" }) {
                throw other.diagnostic("'file' needs 'kind: data-file' or 'kind: binary-data-file'")
            }
            return WorkloadPlan(name: entry.key, source: .kubernetes(try mix(map, file: file)))
        }
    }

    private static func mix(_ map: YAMLMap, file: String) throws(YAMLDiagnostic) -> KubernetesMix {
        var mix = KubernetesMix()
        mix.servicesPath = try map["services"].map { value throws(YAMLDiagnostic) in
            ScenarioPath.resolve(try value.nonEmptyString(), besides: file)
        }
        mix.namesPath = try map["names-file"].map { value throws(YAMLDiagnostic) in
            ScenarioPath.resolve(try value.nonEmptyString(), besides: file)
        }
        if let value = map["mix"] {
            mix.weights = [:]
            for entry in try value.map(.mix).entries {
                guard let part = WorkloadPart(rawValue: entry.key) else { continue }
                mix.weights[part] = try entry.value.integer(in: 0...10_000)
            }
            guard mix.weights.values.contains(where: { $0 > 0 }) else {
                throw value.diagnostic("the mix asks nothing; give at least one part a weight above 0")
            }
        }
        if let value = map["zipf"] {
            mix.zipfExponent = try value.number()
            guard (0...4).contains(mix.zipfExponent) else {
                throw value.diagnostic("the Zipf exponent is out of range; write 0 to 4")
            }
        }
        mix.population = try map.integer("population", in: 1...10_000_000)
        if let value = map["types"] { mix.types = try types(value) }
        if let value = map["search"] {
            mix.search = []
            for item in try value.list() { mix.search.append(try item.name()) }
        }
        mix.dots = try map.integer("ndots", in: 0...15) ?? mix.dots
        if let value = map["names"] {
            for entry in try value.map(.names).entries {
                guard let part = WorkloadPart(rawValue: entry.key) else { continue }
                var names: [DNSName] = []
                for item in try entry.value.list() { names.append(try item.name()) }
                guard !names.isEmpty else { throw entry.diagnostic("'\(entry.key)' lists no name") }
                mix.names[part] = names
            }
        }
        return mix
    }

    private static func types(_ value: YAMLTree) throws(YAMLDiagnostic) -> [RecordType] {
        var types: [RecordType] = []
        for item in try value.list() {
            let text = try item.string()
            guard let type = RecordType(mnemonic: text.uppercased()) else {
                throw item.diagnostic("'\(text)' is no record type")
            }
            guard !types.contains(type) else { throw item.diagnostic("the type \(text) is given twice") }
            types.append(type)
        }
        guard !types.isEmpty else { throw value.diagnostic("'types' lists no type") }
        return types
    }
}
