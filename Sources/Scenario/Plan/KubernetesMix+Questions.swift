package import DNSWire

extension KubernetesMix {
    /// The parts whose names must be known before the workload can be asked.
    package var partsNeeded: [WorkloadPart] {
        WorkloadPart.allCases.filter { weights[$0, default: 0] > 0 && names[$0] == nil }
    }

    /// The questions with their shares, given the names of a cluster.
    ///
    /// Within a part the name of rank r has a share in proportion to `1 / r^zipfExponent`; `clusterNames` is taken in
    /// its order, so a caller that wants other favourites shuffles it first. A part without a name is left out and its
    /// share goes to the others; without any name the result is empty. `search-path` uses the names of `external` when
    /// it has none of its own.
    package func questions(clusterNames: [WorkloadPart: [DNSName]]) -> [WorkloadQuestion] {
        var parts: [(weight: Double, questions: [WorkloadQuestion])] = []
        for part in WorkloadPart.allCases {
            let weight = Double(weights[part, default: 0])
            guard weight > 0 else { continue }
            let names = names(of: part, clusterNames: clusterNames)
            guard !names.isEmpty else { continue }
            parts.append((weight, questions(of: part, names: names)))
        }
        let total = parts.reduce(0) { $0 + $1.weight }
        return parts.flatMap { part in
            let sum = part.questions.reduce(0) { $0 + $1.weight }
            let scale = part.weight / total / sum
            return part.questions.map { WorkloadQuestion(name: $0.name, type: $0.type, weight: $0.weight * scale) }
        }
    }

    /// The names that a resolver tries for `name`, in order, until one exists; resolv.conf(5), `ndots` and `search`.
    package func searchWalk(for name: DNSName) -> [DNSName] {
        let labels = name.labels
        let expanded = search.compactMap { try? DNSName(labels: labels + $0.labels) }
        return labels.count - 1 >= dots ? [name] : expanded + [name]
    }

    func names(of part: WorkloadPart, clusterNames: [WorkloadPart: [DNSName]]) -> [DNSName] {
        var found = names[part] ?? clusterNames[part] ?? []
        if part == .searchPath, found.isEmpty { found = names[.external] ?? clusterNames[.external] ?? [] }
        return population.map { Array(found.prefix($0)) } ?? found
    }

    private func questions(of part: WorkloadPart, names: [DNSName]) -> [WorkloadQuestion] {
        var questions: [WorkloadQuestion] = []
        for (rank, name) in names.enumerated() {
            let weight = Zipf.weight(rank: rank + 1, exponent: zipfExponent)
            switch part {
            case .srv: questions.append(WorkloadQuestion(name: name, type: .srv, weight: weight))
            case .ptr: questions.append(WorkloadQuestion(name: name, type: .ptr, weight: weight))
            case .searchPath:
                for step in searchWalk(for: name) {
                    questions += types.map { WorkloadQuestion(name: step, type: $0, weight: weight) }
                }
            case .service, .headless, .external, .missing:
                questions += types.map { WorkloadQuestion(name: name, type: $0, weight: weight) }
            }
        }
        return questions
    }
}
