package import DNSWire

/// A name that an application looks up, and how often in relation to the others.
package struct WorkloadLookup: Sendable, Hashable {
    /// The name as the application writes it, without a dot at its end.
    package let name: DNSName
    /// Its share of the whole; all shares of a workload add up to 1.
    package let weight: Double
}

extension KubernetesMix {
    /// The names that pods look up with their shares: the short names of Services, and names outside as they are.
    ///
    /// Named ports and reverse names are no lookups of addresses and leave their shares to the others. A name under a
    /// domain of `search` is written without it, as applications in a cluster do.
    package func lookups(clusterNames: [WorkloadPart: [DNSName]], search: [DNSName]) -> [WorkloadLookup] {
        var parts: [(weight: Double, lookups: [WorkloadLookup])] = []
        for part in WorkloadPart.allCases where part != .srv && part != .ptr {
            let weight = Double(weights[part, default: 0])
            let names = names(of: part, clusterNames: clusterNames)
            guard weight > 0, !names.isEmpty else { continue }
            let lookups = names.enumerated().map { rank, name in
                WorkloadLookup(
                    name: Self.short(name, search: search),
                    weight: Zipf.weight(rank: rank + 1, exponent: zipfExponent)
                )
            }
            parts.append((weight, lookups))
        }
        let total = parts.reduce(0) { $0 + $1.weight }
        return parts.flatMap { part in
            let scale = part.weight / total / part.lookups.reduce(0) { $0 + $1.weight }
            return part.lookups.map { WorkloadLookup(name: $0.name, weight: $0.weight * scale) }
        }
    }

    private static func short(_ name: DNSName, search: [DNSName]) -> DNSName {
        for domain in search where name.isSubdomain(of: domain) && name.labelCount > domain.labelCount {
            let labels = name.labels.dropLast(domain.labelCount)
            if let short = try? DNSName(labels: Array(labels)) { return short }
        }
        return name
    }
}
