package import DNSBench
package import DNSWire
import Measure
import NodeLocal
package import Scenario

/// Turns what a scenario says of lookups into names with all queries that they may need.
package enum LookupFactory {
    /// The most names of one workload part.
    private static let populationLimit = 4_000

    /// Builds the lookups of that plan, aimed at the target where no other name server is given.
    ///
    /// - Parameter siteNames: the names of the cluster, which data files and names of the scenario need not have.
    /// - Throws: ``Failure`` when a file is missing or wrong, or no name is known to look up.
    package static func make(
        _ plan: WorkloadPlan,
        lookup: LoadLookup,
        target: Scenario.Target,
        names siteNames: [WorkloadPart: [DNSName]],
        seed: UInt64,
        note: (String) -> Void
    ) throws -> Workload {
        let settings = try settings(lookup, target: target.endpoint, note: note)
        switch plan.source {
        case .dataFile(let path):
            let text = try TextFile.read(path, what: "the data file")
            let names = try LookupName.parse(dataFile: text, file: path)
            guard !names.isEmpty else {
                throw Failure(.badInput, "\(path) holds no name with the type A or AAAA to look up")
            }
            return try Workload.lookups(names, settings: settings, seed: seed)
        case .binaryDataFile(let path):
            throw Failure(.badScenario, "\(path) holds whole messages; lookups need names, as in a text data file")
        case .kubernetes(let mix):
            var known: [WorkloadPart: [DNSName]] = [:]
            var generator = SeededGenerator(seed: seed, stream: 0x5EED)
            let names = try WorkloadFactory.knownNames(mix, siteNames: siteNames)
            for part in WorkloadPart.allCases {
                known[part] = Array((names[part] ?? []).shuffled(using: &generator).prefix(populationLimit))
            }
            let lookups = mix.lookups(clusterNames: known, search: settings.search)
            guard !lookups.isEmpty else {
                throw Failure(.badScenario, "workload \"\(plan.name)\": no name of the cluster is known; give names")
            }
            return try Workload.lookups(
                lookups.map { LookupName(name: $0.name, weight: $0.weight) },
                settings: settings,
                popularity: .weighted,
                seed: seed
            )
        }
    }

    /// The settings of the resolver; what its file holds that does not count goes to `note`.
    static func settings(_ lookup: LoadLookup, target: Endpoint, note: (String) -> Void) throws -> LookupSettings {
        var file: ResolvConf?
        if let path = lookup.resolvConf {
            do {
                let conf = try ResolvConf(parsing: Array(TextFile.read(path, what: "the resolver's file").utf8))
                for ignored in conf.ignored { note("\(path), \(ignored)") }
                file = conf
            } catch let error as ResolvConfError {
                throw Failure(.badInput, "\(path): \(error)")
            }
        }
        let (conf, servers) = lookup.settings(file: file)
        return LookupSettings(
            resolver: LookupResolver(lookup.resolver),
            servers: servers.isEmpty ? [target] : servers,
            search: conf.search,
            ndots: conf.ndots,
            timeout: conf.timeout,
            attempts: conf.attempts,
            options: LookupSettings.Options(conf.switches)
        )
    }
}

extension LookupResolver {
    fileprivate init(_ resolver: LoadLookup.Resolver) {
        self =
            switch resolver {
            case .glibc: .glibc
            case .musl: .musl
            case .go: .go
            }
    }
}

extension LookupSettings.Options {
    fileprivate init(_ switches: Set<ResolvConf.Switch>) {
        self = []
        for one in switches {
            switch one {
            case .rotate: insert(.rotate)
            case .edns0: insert(.edns0)
            case .singleRequest: insert(.singleRequest)
            case .singleRequestReopen: insert(.singleRequestReopen)
            case .noTLDQuery: insert(.noTLDQuery)
            case .useVC: insert(.useVC)
            case .trustAD: insert(.trustAD)
            case .noAAAA: insert(.noAAAA)
            case .strictError: insert(.strictError)
            case .noReload: break  // the file is read once per run
            }
        }
    }
}
