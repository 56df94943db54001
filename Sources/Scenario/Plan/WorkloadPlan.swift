package import DNSWire

/// What is asked, before the names of a cluster are known.
package struct WorkloadPlan: Sendable, Hashable {
    /// Where the questions come from.
    package enum Source: Sendable, Hashable {
        /// Questions that pods of a Kubernetes cluster ask.
        case kubernetes(KubernetesMix)
        /// A dnsperf data file; a relative path starts at the scenario's folder.
        case dataFile(path: String)
        /// A file of whole messages, each behind its length; a relative path starts at the scenario's folder.
        case binaryDataFile(path: String)
    }

    /// The name under which steps speak of it.
    package let name: String
    /// Where the questions come from.
    package let source: Source

    /// The built-in workload `kubernetes`, which a scenario need not define.
    package static let kubernetes = WorkloadPlan(name: "kubernetes", source: .kubernetes(KubernetesMix()))
}

/// The sorts of name that pods look up.
package enum WorkloadPart: String, Sendable, Hashable, CaseIterable {
    /// Services with a cluster address, by their full name.
    case service
    /// Headless Services, whose answer lists endpoints.
    case headless
    /// Named ports.
    case srv
    /// Reverse names of cluster addresses.
    case ptr
    /// Names outside the cluster, by their full name.
    case external
    /// Services that do not exist.
    case missing
    /// Names outside the cluster, looked up through the search list of `ndots:5`.
    case searchPath = "search-path"
}

/// A Kubernetes workload: how much of each part, how popularity falls off, and how a pod's resolver walks.
package struct KubernetesMix: Sendable, Hashable {
    /// The default shares, in parts of a hundred.
    package static let defaultWeights: [WorkloadPart: Int] = [
        .service: 50, .headless: 5, .srv: 5, .ptr: 5, .external: 15, .missing: 5, .searchPath: 15,
    ]
    /// The default search list: that of a pod in the namespace `default`.
    package static let defaultSearch = ["default.svc.cluster.local.", "svc.cluster.local.", "cluster.local."]

    /// Share of each part; parts that are absent are not asked.
    package var weights: [WorkloadPart: Int]
    /// Zipf exponent of popularity within a part; 0 asks each name equally often.
    package var zipfExponent: Double
    /// Most names of one part, or nil for all that the cluster has.
    package var population: Int?
    /// Types that an address lookup asks, such as A and AAAA.
    package var types: [RecordType]
    /// The search list of the pod.
    package var search: [DNSName]
    /// Dots from which a name is first tried as it is.
    package var dots: Int
    /// Names given by the scenario, by part; they replace those of the cluster.
    package var names: [WorkloadPart: [DNSName]]
    /// A list of Services and EndpointSlices as `kubectl get -o json` prints it, whose names replace the cluster's.
    package var servicesPath: String?
    /// A file of names, a line each, that replace the cluster's part by part.
    package var namesPath: String?

    package init(
        weights: [WorkloadPart: Int] = KubernetesMix.defaultWeights,
        zipfExponent: Double = 1,
        population: Int? = nil,
        types: [RecordType] = [.a, .aaaa],
        search: [DNSName]? = nil,
        dots: Int = 5,
        names: [WorkloadPart: [DNSName]] = [:]
    ) {
        self.weights = weights
        self.zipfExponent = zipfExponent
        self.population = population
        self.types = types
        self.search = search ?? KubernetesMix.defaultSearch.compactMap { try? DNSName($0) }
        self.dots = dots
        self.names = names
    }
}

/// A question of a workload and how often it is asked in relation to the others.
package struct WorkloadQuestion: Sendable, Hashable {
    /// The name.
    package let name: DNSName
    /// The type.
    package let type: RecordType
    /// Its share of the whole; all shares of a workload add up to 1.
    package let weight: Double
}
