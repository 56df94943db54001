import NodeLocal

/// How node-cache was started (kubernetes/dns, cmd/node-cache/main.go).
package struct CacheArguments: Sendable, Hashable {
    /// The addresses of `-localip`; nil for a process that is not started as node-cache is.
    package var localAddresses: [String]?
    /// `-syncinterval`, or nil for the minute that is built in.
    package var syncInterval: String?
    /// The Service of `-upstreamsvc`, or nil for kube-dns.
    package var upstreamService: String?
    /// Whether the environment has that Service's address; nil when it could not be read.
    package var hasUpstreamAddress: Bool?
    /// True when node-cache sets its rules and waits a minute for it, as it does without `-pidfile`.
    package var isLate = false

    /// Arguments from parts, for tests.
    package init(
        localAddresses: [String]?,
        syncInterval: String? = nil,
        upstreamService: String? = nil,
        hasUpstreamAddress: Bool? = nil,
        isLate: Bool = false
    ) {
        self.localAddresses = localAddresses
        self.syncInterval = syncInterval
        self.upstreamService = upstreamService
        self.hasUpstreamAddress = hasUpstreamAddress
        self.isLate = isLate
    }

    /// Reads the command line and the environment of a process.
    static func take(_ process: Int32, roots: NodeRoots) throws(ProcError) -> CacheArguments {
        let arguments = try ProcessArguments(process, roots: roots)
        let service = arguments.flag("upstreamsvc")
        let variable = (service ?? "").uppercased().replacing("-", with: "_") + "_SERVICE_HOST="
        let environment = try? ProcFile.bytes(roots.process(process) + "environ")
        return CacheArguments(
            localAddresses: arguments.flag("localip").map { $0.split(separator: ",").map(String.init) },
            syncInterval: arguments.flag("syncinterval"),
            upstreamService: service,
            hasUpstreamAddress: service == nil
                ? nil : environment.map { $0.split(separator: 0).contains { $0.starts(with: Array(variable.utf8)) } },
            isLate: arguments.flag("pidfile") == nil && arguments.flag("setupiptables") != "false"
        )
    }

    /// Nanoseconds between two looks of node-cache at its rules; nil when the interval makes it panic.
    ///
    /// The flag, a duration, is multiplied by a second once more and runs over beyond 9 s.
    var effectiveInterval: Int64? {
        guard let syncInterval, let value = DurationText.nanoseconds(syncInterval) else { return 60_000_000_000 }
        let product = value &* 1_000_000_000
        return product > 0 ? product : nil
    }
}
