internal import DNSWire
internal import NodeLocal

/// Everything that was read, from which each finding is judged without looking again.
package struct NodeFacts: Sendable {
    /// The node that was looked at.
    package var context: DoctorContext
    /// The node before the queries.
    package var before: NodeSample
    /// The node right after the queries, or nil when the look was stopped.
    package var between: NodeSample?
    /// The node at the end of the window, or nil when the look was stopped.
    package var after: NodeSample?
    /// Answers of the cache to known questions over UDP.
    package var cacheUDP: [ZoneAnswer] = []
    /// Answers of the cache to known questions over TCP.
    package var cacheTCP: [ZoneAnswer] = []
    /// Answers of the cache to questions that nobody asked before.
    package var misses: [ZoneAnswer] = []
    /// Answers of the cluster DNS over UDP.
    package var clusterUDP: [ZoneAnswer] = []
    /// Answers of the cluster DNS over TCP.
    package var clusterTCP: [ZoneAnswer] = []
    /// What the cluster DNS says that it is.
    package var clusterSoftware = Reading<String>.unreadable("not asked")
    /// The health page.
    package var health = PageReading.unknown("nobody says where a health page is")
    /// The metrics page.
    package var metrics = PageReading.unknown("nobody says where a metrics page is")
    /// The connection tracking table at the end, or nil when the look was stopped.
    package var conntrack: ConntrackReading?

    /// How the node is set up, or nil when the look was stopped.
    package var settings: NodeSettings?
    /// What kube-proxy says at 127.0.0.1:10249/proxyMode.
    package var proxyMode = PageReading.unknown("kube-proxy was not asked")
    /// Whether the network namespace is that of the machine's first process.
    package var isHostNamespace = Reading<Bool>.unreadable("not looked at")

    /// The cache's counters before the queries.
    package var countersBefore = Reading<CacheCounters>.unreadable("not read")
    /// The cache's counters at the end of the window.
    package var countersAfter = Reading<CacheCounters>.unreadable("not read")
    /// node-cache's errors of setting up, before the queries.
    package var setupErrorsBefore = Reading<Double>.unreadable("not read")
    /// node-cache's errors of setting up, at the end of the window.
    package var setupErrorsAfter = Reading<Double>.unreadable("not read")
    /// The files that the cache's process reads, or nil when the look was stopped.
    package var cacheFiles: CacheFiles?
    /// How the cache was started.
    package var arguments = Reading<CacheArguments>.unreadable("not looked at")
    /// What the kubelet tells pods.
    package var kubelet = Reading<KubeletReading>.unreadable("not looked at")
    /// Whom containers ask.
    package var podResolvers = Reading<PodResolvers>.unreadable("not looked at")
    /// What we may see, or nil when the look was stopped.
    package var look: LookReading?

    /// Facts of which nothing is known yet but the first sample.
    package init(context: DoctorContext, before: NodeSample) {
        self.context = context
        self.before = before
    }

    /// The metrics page as samples, or why there are none.
    var metricsPage: Reading<MetricsPage> {
        switch metrics {
        case .unknown(let reason), .unreachable(let reason): return .unreadable(reason)
        case .reply(let reply):
            guard reply.status == 200 else { return .unreadable("HTTP status \(reply.status)") }
            return Reading { () throws(MetricsError) in try MetricsPage.parse(reply.body) }
        }
    }

    /// The mode that kube-proxy names, or nil without its page.
    var proxyModeText: String? {
        guard case .reply(let reply) = proxyMode, reply.status == 200 else { return nil }
        return reply.text.split { $0.isWhitespace }.first.map(String.init)
    }

    /// The samples in the order in which they were taken.
    var samples: [NodeSample] { [before, between, after].compactMap { $0 } }

    /// The last sample.
    var latest: NodeSample { after ?? between ?? before }

    /// Who holds a socket, as far as any sample could see it.
    func owner(of row: SocketRow) -> SocketOwner? {
        samples.lazy.compactMap { $0.owners[row.inode] }.first
    }

    /// The listening sockets of the cache in a sample: those at its address, or wildcard sockets when the Corefile
    /// binds no address.
    func listeners(_ transport: SocketRow.Transport, in sample: NodeSample) -> [SocketRow] {
        sample.rows(transport).filter { row in
            row.isListener && row.local.port == context.cache.port
                && (row.local.address == context.cache.address || context.listensEverywhere && row.isWildcard)
        }
    }

    /// The processes that hold the cache's listening sockets.
    var cacheProcesses: Set<Int32> {
        let rows = samples.flatMap { listeners(.udp, in: $0) + listeners(.tcp, in: $0) }
        return Set(rows.compactMap { owner(of: $0)?.processID })
    }
}
