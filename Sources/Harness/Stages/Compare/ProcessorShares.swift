import LinuxNet

/// How the processors' time of a segment was shared.
struct ProcessorShares: Sendable, Equatable {
    /// What the host took away.
    var stolen = 0.0
    /// What programs used that are neither this one nor its lab; nil where the servers are not ours, so that nobody can
    /// tell them from others.
    var others: Double?

    /// Begins to watch.
    struct Watch: Sendable {
        private let start = ProcessorTime.read()
        private let ours: ProcessTreeTime?

        /// - Parameter ownsServers: both arms stand in a lab of this process.
        init(ownsServers: Bool) { ours = ownsServers ? ProcessTreeTime.read() : nil }

        /// The shares since then.
        func end() -> ProcessorShares {
            guard let start, let now = ProcessorTime.read() else { return ProcessorShares() }
            var shares = ProcessorShares(stolen: now.stolenShare(since: start))
            if let ours, let after = ProcessTreeTime.read(), after.ticks >= ours.ticks {
                shares.others = now.othersShare(since: start, ours: after.ticks - ours.ticks)
            }
            return shares
        }
    }
}
