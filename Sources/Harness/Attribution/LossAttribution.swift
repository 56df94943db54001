import DNSBench
import DNSWire
import Doctor
import NodeLocal
import Results

/// What was read around a load, on both sides.
struct LossReading: Sendable {
    /// The namespace that queries were sent from.
    var client: NetworkSample
    /// The namespace of the server; nil when it is not on this node.
    var server: NetworkSample?
    /// The server's metrics page; nil when it has none or could not be read.
    var metrics: MetricsPage?
}

/// Lays each query without an answer at somebody's door; reads nothing itself.
struct LossAttribution {
    private let target: Endpoint
    private let before: LossReading
    private let after: LossReading
    private let counters: DNSBench.LoadCounters
    private let rxDropped: UInt64
    private let isUDP: Bool
    private var loss: LoadLoss
    private var rest: UInt64

    /// Judges one load on `target` by what was read before and after it.
    static func judge(_ result: LoadResult, before: LossReading, after: LossReading) -> LoadLoss {
        judge(
            result.counters,
            rxDropped: result.rxDropped,
            target: result.target,
            isUDP: result.transport == .udp,
            before: before,
            after: after
        )
    }

    /// As ``judge(_:before:after:)``, from the counts alone.
    static func judge(
        _ counters: DNSBench.LoadCounters,
        rxDropped: UInt64,
        target: Endpoint,
        isUDP: Bool = true,
        before: LossReading,
        after: LossReading
    ) -> LoadLoss {
        var attribution = LossAttribution(
            counters,
            rxDropped: rxDropped,
            target: target,
            isUDP: isUDP,
            before: before,
            after: after
        )
        attribution.client()
        attribution.kernel()
        attribution.server()
        attribution.upstream()
        attribution.loss.unexplained = attribution.rest
        return attribution.loss
    }

    private init(
        _ counters: DNSBench.LoadCounters,
        rxDropped: UInt64,
        target: Endpoint,
        isUDP: Bool,
        before: LossReading,
        after: LossReading
    ) {
        self.isUDP = isUDP
        self.counters = counters
        self.rxDropped = rxDropped
        self.target = target
        self.before = before
        self.after = after
        rest = counters.timedOut + counters.unsent + counters.sendErrors
        loss = LoadLoss(lost: rest)
    }

    /// Lays at most `count` of what is left at a door.
    private mutating func lay(_ count: UInt64, at door: WritableKeyPath<LoadLoss, UInt64>, _ sentence: String) {
        let share = min(count, rest)
        guard share > 0 else { return }
        loss[keyPath: door] += share
        rest -= share
        loss.evidence.append(sentence)
    }

    private mutating func client() {
        lay(counters.unsent, at: \.client, "the generator had no id or connection for \(counters.unsent) queries")
        lay(counters.sendErrors, at: \.client, "the generator's kernel refused to send \(counters.sendErrors) queries")
        lay(rxDropped, at: \.client, "the generator's own sockets dropped \(rxDropped) answers (SO_MEMINFO)")
    }

    private mutating func kernel() {
        // A table that was read and has no row of the socket says that it is new; one that was not read says nothing.
        if isUDP, before.server?.sockets != nil, let new = serverDrops(after) {
            let old = serverDrops(before) ?? 0
            let drops = LossAttribution.growth(old, new) ?? 0
            lay(
                drops,
                at: \.kernel,
                "the server's socket on \(target) dropped \(drops) datagrams for want of buffer space (/proc/net/udp drops"
                    + " \(old) → \(new))"
            )
        }
        if isUDP, serverDrops(after) == nil, let old = before.server?.counters, let new = after.server?.counters,
            let count = LossAttribution.growth(old["Udp", "RcvbufErrors"], new["Udp", "RcvbufErrors"])
        {
            lay(
                count,
                at: \.kernel,
                "at most \(count) found a full receive queue in the server's namespace (UdpRcvbufErrors; the server's own"
                    + " socket was not seen)"
            )
        }
        conntrack("the client's", before.client, after.client)
        if let old = before.server, let new = after.server { conntrack("the server's", old, new) }
        lay(
            counters.unreachables,
            at: \.kernel,
            "ICMP brought back \(counters.unreachables) errors other than port unreachable: the network did not deliver"
        )
    }

    /// Datagrams dropped by the sockets that answer for the target: those bound to it, or to all addresses.
    private func serverDrops(_ reading: LossReading) -> UInt64? {
        guard let rows = reading.server?.sockets else { return nil }
        let listeners = rows.filter { $0.isListener && $0.local.port == target.port }
        let exact = listeners.filter { $0.local.address == target.address }
        let chosen = exact.isEmpty ? listeners.filter(\.isWildcard) : exact
        return chosen.isEmpty ? nil : chosen.reduce(0) { $0 + ($1.drops ?? 0) }
    }

    private mutating func conntrack(_ whose: String, _ old: NetworkSample, _ new: NetworkSample) {
        for column in ["insert_failed", "drop", "early_drop"] {
            guard let first = old.conntrack?[column], let last = new.conntrack?[column],
                let count = LossAttribution.growth(first, last)
            else { continue }
            lay(
                count,
                at: \.kernel,
                "at most \(count) were lost to connection tracking in \(whose) namespace (\(column) \(first) → \(last);"
                    + " other traffic counts there too)"
            )
        }
    }

    private mutating func server() {
        lay(
            counters.refusals,
            at: \.cache,
            "ICMP port unreachable came back \(counters.refusals) times: nothing listened on \(target)"
        )
        let troubles = upstreamTroubles()
        let door: WritableKeyPath<LoadLoss, UInt64> = troubles == nil ? \.cache : \.upstream
        let because = troubles.map { "; \($0)" } ?? ""
        lay(
            counters.late,
            at: door,
            "\(counters.late) answers came after the timeout" + because
        )
        if let (asked, replied) = exchanges(), asked > replied {
            lay(
                asked - replied,
                at: door,
                "the cache counted \(asked) queries and \(replied) replies during the load, so at most \(asked - replied)"
                    + " were taken and not answered" + because
            )
        }
    }

    /// Lays misses at the upstream whose query had no answer when the load was over.
    ///
    /// A server that counts a query only when it has answered it (as CoreDNS's plugin metrics does) shows them
    /// nowhere else.
    private mutating func upstream() {
        guard let misses = delta(.cacheMisses), let answers = delta(.upstreamExchanges), misses > answers else {
            return
        }
        lay(
            misses - answers,
            at: \.upstream,
            "at most \(misses - answers) of the cache's \(misses) misses had no answer from upstream when the load was over"
        )
    }

    /// Queries and replies that the cache counted during the load.
    private func exchanges() -> (UInt64, UInt64)? {
        guard let queries = delta(.queries), let replies = delta(.replies) else { return nil }
        return (queries, replies)
    }

    /// What the metrics tell of trouble behind the cache; nil when they tell of none.
    private func upstreamTroubles() -> String? {
        var found: [String] = []
        if let count = delta(.healthCheckFailures), count > 0 {
            found.append("\(count) health checks of upstreams failed")
        }
        if let count = delta(.healthCheckBroken), count > 0 { found.append("\(count) times every upstream was out") }
        if let misses = delta(.cacheMisses), let exchanges = delta(.upstreamExchanges), misses > exchanges {
            found.append("\(misses - exchanges) of \(misses) cache misses had no answer from upstream")
        }
        return found.isEmpty ? nil : found.joined(separator: ", ")
    }

    private func delta(_ metric: CoreDNSMetric) -> UInt64? {
        guard let old = before.metrics, let new = after.metrics, let version = new.coreDNSVersion,
            metric.name(in: version) != nil
        else { return nil }
        // A labelled counter is absent until it first counts.
        let last = new.sum(metric, in: version) ?? 0
        let first = old.sum(metric, in: version) ?? 0
        return last >= first ? UInt64(last - first) : nil
    }

    private static func growth(_ old: Int64?, _ new: Int64?) -> UInt64? {
        guard let old, let new, old >= 0, new >= 0 else { return nil }
        return growth(UInt64(old), UInt64(new))
    }

    /// How much a counter grew; nil when it did not, or when it began anew.
    private static func growth(_ old: UInt64, _ new: UInt64) -> UInt64? { new > old ? new - old : nil }
}
