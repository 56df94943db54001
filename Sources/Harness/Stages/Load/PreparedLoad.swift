import DNSBench
import DNSWire
import LinuxNet
import Measure
import Scenario

/// A load step with all that it reads: made before anything is sent, so that bad input costs no traffic.
struct PreparedLoad {
    /// What the load engine is to do.
    let plan: LoadPlan
    /// What it asks.
    let workload: Workload
    /// What a reader of the result should know of what was read.
    let notes: [String]

    /// Reads the step's files and checks that its load can be run.
    ///
    /// - Parameter keepsHistograms: whether each entry of the series is to keep its histograms.
    init(
        _ step: LoadStep,
        workload source: WorkloadPlan,
        target: Scenario.Target,
        site: Site,
        seed: UInt64,
        keepsHistograms: Bool
    ) throws {
        let namespace = try step.path.namespace.map(ClientNamespace.open) ?? site.clientNamespace
        var replayed: CaptureReplay?
        if case .replay(let path, let speed) = step.shape.pace {
            replayed = try CaptureReplay(path: path, speed: speed)
        }
        var plan = LoadPlan(step, target: target, namespace: namespace, seed: seed, replayed: replayed?.timeline)
        plan.keepsIntervalHistograms = keepsHistograms
        self.plan = plan
        try plan.validate()
        // The first address of each range is tried now; what cannot be bound is told before anything is sent.
        for prefix in step.path.sources {
            let endpoint = Endpoint(address: prefix.address, port: 0)
            let socket = try namespace?.perform { try UDPSocket(boundTo: endpoint) } ?? UDPSocket(boundTo: endpoint)
            _ = consume socket
        }
        if let lookup = step.lookup {
            var notes: [String] = []
            workload = try LookupFactory.make(source, lookup: lookup, target: target, names: site.names, seed: seed) {
                notes.append($0)
            }
            self.notes = notes
            try workload.validateLookups(under: plan)
            return
        }
        notes = []
        workload =
            try replayed?.workload
            ?? WorkloadFactory.make(
                source,
                names: site.names,
                seed: seed,
                options: QueryOptions(step.questions, seed: seed, target: target),
                popularity: step.questions.popularity,
                missShare: step.questions.missShare
            )
    }
}

extension QueryOptions {
    /// What the queries of a load carry.
    init(_ questions: LoadQuestions, seed: UInt64, target: Scenario.Target) {
        self.init(
            recursionDesired: questions.recursionDesired,
            ednsPayloadSize: questions.ednsPayloadSize,
            dnssecOK: questions.dnssecOK
        )
        authenticData = questions.authenticData
        checkingDisabled = questions.checkingDisabled
        ednsOptions = questions.ednsOptions.compactMap { EDNSOption($0) }
        if questions.carriesCookie { clientCookie = Self.clientCookie(seed: seed, server: target.endpoint) }
    }
}
