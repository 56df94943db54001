import Measure

extension ResultMerge {
    // MARK: Load

    /// One load for each target, phase and transport, in the order of the first result that has it.
    static func loads(_ inputs: [Input]) -> [LoadRecord]? {
        var order: [[String]] = []
        var groups: [[String]: [LoadRecord]] = [:]
        for load in inputs.flatMap({ $0.document.load ?? [] }) where load.invalidReason == nil {
            let key = [load.target, load.phase, load.transport, load.model ?? ""]
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(load)
        }
        return order.isEmpty ? nil : order.compactMap { groups[$0].flatMap(sum) }
    }

    /// The sum of loads; percentiles come from the added histograms.
    private static func sum(_ loads: [LoadRecord]) -> LoadRecord? {
        guard let first = loads.first else { return nil }
        var counters = LoadCounters()
        var rcodes: [String: UInt64] = [:]
        var client = LoadRecord.Client(cpuNanoseconds: 0, peakRSSBytes: 0, rxDropped: 0)
        for load in loads {
            counters.add(load.counters)
            for (rcode, count) in load.rcodes { rcodes[rcode] = capped(rcodes[rcode] ?? 0, count) }
            client.cpuNanoseconds =
                client.cpuNanoseconds.addingReportingOverflow(load.client.cpuNanoseconds).partialValue
            client.peakRSSBytes = max(client.peakRSSBytes, load.client.peakRSSBytes)
            client.rxDropped = capped(client.rxDropped, load.client.rxDropped)
        }
        let duration = loads.map(\.durationNanoseconds).max() ?? 0
        var record = LoadRecord(
            target: first.target,
            phase: first.phase,
            transport: first.transport,
            model: first.model,
            offeredQPS: loads.reduce(0) { $0 + $1.offeredQPS },
            achievedQPS: duration > 0 ? Double(counters.answered) / (Double(duration) / 1e9) : 0,
            durationNanoseconds: duration,
            counters: counters,
            rcodes: rcodes,
            latency: LoadRecord.Latencies(
                response: summary(loads, \.response),
                service: summary(loads, \.service),
                sendLag: summary(loads, \.sendLag)
            ),
            client: client
        )
        record.loss = loss(loads.compactMap(\.loss), of: loads.count)
        record.verification = verification(loads.compactMap(\.verification))
        return record
    }

    private static func summary(
        _ loads: [LoadRecord],
        _ path: KeyPath<LoadRecord.Latencies, LatencySummary>
    ) -> LatencySummary {
        var whole = LatencyHistogram()
        var overRange: UInt64 = 0
        var negative: UInt64 = 0
        for load in loads {
            let part = load.latency[keyPath: path]
            // Far from the end of the numbers, so that no sum of many can reach it.
            if let histogram = try? part.histogram(), whole.count < 1 << 60 { whole.merge(histogram) }
            overRange = capped(overRange, part.overRange ?? 0)
            negative = capped(negative, part.negative ?? 0)
        }
        var summary = LatencySummary(whole)
        // What the texts know to their buckets alone, the summaries know exactly.
        let parts = loads.map { $0.latency[keyPath: path] }.filter { $0.count > 0 }
        summary.min = parts.map(\.min).min() ?? 0
        summary.max = parts.map(\.max).max() ?? 0
        summary.overRange = overRange > 0 ? overRange : nil
        summary.negative = negative > 0 ? negative : nil
        return summary
    }

    /// The shares of all; absent unless every load knows its own.
    private static func loss(_ losses: [LoadLoss], of count: Int) -> LoadLoss? {
        guard losses.count == count else { return nil }
        var sum = LoadLoss(lost: 0)
        for path in [
            \LoadLoss.lost, \LoadLoss.client, \LoadLoss.kernel, \LoadLoss.cache, \LoadLoss.upstream,
            \LoadLoss.unexplained,
        ] {
            sum[keyPath: path] = losses.reduce(0) { capped($0, $1[keyPath: path]) }
        }
        sum.evidence = Array(losses.flatMap(\.evidence).prefix(20))
        return sum
    }

    private static func verification(_ found: [LoadVerification]) -> LoadVerification? {
        guard var sum = found.first else { return nil }
        for other in found.dropFirst() {
            for path in [
                \LoadVerification.checked, \LoadVerification.structure, \LoadVerification.rcode,
                \LoadVerification.ttl, \LoadVerification.records, \LoadVerification.cookie,
            ] {
                sum[keyPath: path] = capped(sum[keyPath: path], other[keyPath: path])
            }
            sum.examples += other.examples
        }
        sum.examples = Array(sum.examples.prefix(10))
        return sum
    }

    // MARK: Checks

    /// Each check once, as it stands on the node where it stands worst.
    static func checks(_ inputs: [Input]) -> [CheckRecord]? {
        var order: [String] = []
        var groups: [String: [(node: String, check: CheckRecord)]] = [:]
        for input in inputs {
            for check in input.document.checks ?? [] {
                if groups[check.id] == nil { order.append(check.id) }
                groups[check.id, default: []].append((input.name, check))
            }
        }
        let merged = order.compactMap { groups[$0].flatMap { worst($0, of: inputs.count) } }
        return merged.isEmpty ? nil : merged
    }

    private static let worstFirst: [CheckRecord.Status] = [
        .fail, .error, .fixed, .inconclusive, .skip, .known, .pass,
    ]

    private static func worst(_ entries: [(node: String, check: CheckRecord)], of nodes: Int) -> CheckRecord? {
        let rank = { (status: CheckRecord.Status) in worstFirst.firstIndex(of: status) ?? 0 }
        guard var check = entries.min(by: { rank($0.check.status) < rank($1.check.status) })?.check else { return nil }
        let alike = entries.filter { $0.check.status == check.status }.map(\.node)
        if alike.count < entries.count || entries.count < nodes {
            check.actual = "on \(alike.count) of \(nodes) nodes (\(listed(alike))): \(check.actual)"
        }
        check.durationNanoseconds = entries.map(\.check.durationNanoseconds).max() ?? 0
        return check
    }

    // MARK: Capture

    /// The counts of all captures, and of each proof the verdict of the node where it stands worst.
    static func capture(_ inputs: [Input]) -> CaptureRecord? {
        let captures = inputs.compactMap { input in input.document.capture.map { (input.name, $0) } }
        guard !captures.isEmpty else { return nil }
        var sum = CaptureRecord(
            packets: 0,
            messages: 0,
            queries: 0,
            responses: 0,
            transactions: 0,
            unanswered: 0,
            unsolicited: 0,
            drops: 0,
            duplicates: 0,
            tcp: CaptureRecord.TCP(connections: 0, messages: 0, gaps: 0)
        )
        for path in [
            \CaptureRecord.packets, \CaptureRecord.messages, \CaptureRecord.queries, \CaptureRecord.responses,
            \CaptureRecord.transactions, \CaptureRecord.unanswered, \CaptureRecord.unsolicited, \CaptureRecord.drops,
            \CaptureRecord.duplicates, \CaptureRecord.tcp.connections, \CaptureRecord.tcp.messages,
            \CaptureRecord.tcp.gaps,
        ] {
            sum[keyPath: path] = captures.reduce(0) { capped($0, $1.1[keyPath: path]) }
        }
        var ledger: [String: UInt64] = [:]
        for (name, count) in captures.flatMap({ $0.1.ledger ?? [:] }) {
            let known = ledger[name] ?? 0
            ledger[name] = name.hasPrefix("largest_") ? max(known, count) : capped(known, count)
        }
        sum.ledger = ledger.isEmpty ? nil : ledger
        var ids: [String] = []
        for proof in captures.flatMap(\.1.proofs) where !ids.contains(proof.id) { ids.append(proof.id) }
        sum.proofs = ids.compactMap { id in
            proof(captures.compactMap { node, capture in capture.proofs.first { $0.id == id }.map { (node, $0) } })
        }
        return sum
    }

    private static let worstProofFirst: [ProofRecord.Verdict] = [.violated, .inconclusive, .unprovable, .proven]

    private static func proof(_ entries: [(node: String, proof: ProofRecord)]) -> ProofRecord? {
        let rank = { (verdict: ProofRecord.Verdict) in worstProofFirst.firstIndex(of: verdict) ?? 0 }
        guard var proof = entries.min(by: { rank($0.proof.verdict) < rank($1.proof.verdict) })?.proof else {
            return nil
        }
        let alike = entries.filter { $0.proof.verdict == proof.verdict }
        if entries.count > 1 {
            proof.reason = "on \(alike.count) of \(entries.count) nodes (\(listed(alike.map(\.node)))): \(proof.reason)"
        }
        proof.evidenceCount = alike.reduce(0) { capped($0, $1.proof.evidenceCount ?? UInt64($1.proof.evidence.count)) }
        return proof
    }

    /// The first names, and how many more there are.
    private static func listed(_ names: [String]) -> String {
        names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
    }

    private static func capped(_ first: UInt64, _ second: UInt64) -> UInt64 {
        let (sum, overflow) = first.addingReportingOverflow(second)
        return overflow ? .max : sum
    }
}
