import DNSWire

extension Workload {
    /// Names looked up as applications do it, with all queries that this may take (`docs/lookup-model.md`).
    ///
    /// The plan that it is run with says how many lookups are begun and when; their name servers, time-outs and
    /// transports are those of `settings`, and the plan's timeout bounds what the resolver itself would wait for
    /// without end: glibc's TCP.
    package static func lookups(
        _ names: [LookupName],
        settings: LookupSettings,
        popularity: Popularity = .sequential,
        seed: UInt64
    ) throws(WorkloadError) -> Workload {
        let table = try LookupTable(names, settings: settings, popularity: popularity, seed: seed)
        return Workload(slab: .whole([]), order: table.order, lookups: table)
    }
}

extension Workload {
    /// Throws what makes this workload's lookups impossible under `plan`; asks nothing of the network.
    package func validateLookups(under plan: LoadPlan) throws(LoadPlanError) { try lookups?.validate(plan) }
}

extension LookupTable {
    /// Throws what makes lookups impossible under `plan`; asks nothing of the network.
    func validate(_ plan: LoadPlan) throws(LoadPlanError) {
        let servers = settings.effectiveServers
        guard !servers.isEmpty else { throw .lookup("a lookup needs a name server") }
        if let server = servers.first(where: { $0.port == 0 }) {
            throw .lookup("the name server \(server) has no port")
        }
        guard settings.search.count <= LookupSettings.mostSearchDomains else {
            throw .lookup(
                "a search list of \(settings.search.count) domains is longer than \(LookupSettings.mostSearchDomains)"
            )
        }
        let family = servers[0].address.isIPv4
        if settings.resolver == .musl, servers.contains(where: { $0.address.isIPv4 != family }) {
            throw .lookup("musl's single socket reaches name servers of one address family only here")
        }
        for prefix in plan.sources.prefixes {
            if let server = servers.first(where: { $0.address.isIPv4 != prefix.address.isIPv4 }) {
                throw .sourceFamily(prefix, target: server)
            }
        }
        if plan.sources.ports != nil {
            throw .lookup("each lookup has ports of its own, so a range of source ports cannot be kept")
        }
        guard plan.transport == .udp, !plan.usesSegmentation, !plan.retriesTruncated else {
            throw .lookup("lookups choose their transport themselves; \"use-vc\" has them use TCP")
        }
    }
}
