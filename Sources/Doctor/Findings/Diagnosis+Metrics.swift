import DNSWire
import NodeLocal

/// Findings on what the cache counts itself, by its change over the window.
extension Diagnosis {
    /// Share of answers with SERVFAIL that fails, in percent.
    private static let failureLimitPercent = 5.0
    /// Fill of a cache beyond which entries are put out, since each of 256 parts fills on its own.
    private static let fillLimitPercent = 90

    /// The counters before and after, or why there is nothing to compare.
    private func counters(_ id: FindingID) -> Result<(CacheCounters, CacheCounters), SkippedFinding> {
        guard let first = facts.countersBefore.value, let last = facts.countersAfter.value else {
            let reason = facts.countersAfter.reason ?? facts.countersBefore.reason ?? "?"
            return .failure(SkippedFinding(skip(id, "no metrics: \(reason)")))
        }
        guard first.values[.processStart] == last.values[.processStart] else {
            return .failure(
                SkippedFinding(
                    Finding(
                        id,
                        .inconclusive,
                        read: "the process restarted while we looked",
                        meaning: "its counters began anew"
                    )
                )
            )
        }
        return .success((first, last))
    }

    /// Passes when metrics stand still.
    private func standStill(_ id: FindingID, _ metrics: [CoreDNSMetric]) -> Finding {
        switch counters(id) {
        case .failure(let skipped): skipped.finding
        case .success(let (first, last)):
            change(id, metrics.map { ($0.name(in: last.version) ?? $0.rawValue, first.values[$0], last.values[$0]) })
        }
    }

    var concurrencyRejects: Finding { standStill(.concurrencyRejects, [.concurrencyRejects]) }
    var cachePanics: Finding { standStill(.cachePanics, [.panics]) }
    var upstreamHealth: Finding { standStill(.upstreamHealth, [.healthCheckBroken, .healthCheckFailures]) }

    var reloadFailures: Finding {
        let finding = standStill(.reloadFailures, [.reloadFailures])
        guard finding.status == .pass, let total = facts.countersAfter.value?.values[.reloadFailures], total > 0 else {
            return finding
        }
        return Finding(
            .reloadFailures,
            .fail,
            read: finding.read,
            meaning:
                "a reload failed earlier: until the next one that succeeds the process runs on the Corefile before it, "
                + "and it may have lost its health and metrics pages"
        )
    }

    var setupErrors: Finding {
        let id = FindingID.setupErrors
        if let reason = facts.setupErrorsAfter.reason ?? facts.setupErrorsBefore.reason { return skip(id, reason) }
        let name = CoreDNSMetric.setupErrors.name(in: CoreDNSVersion(1, 7)) ?? "?"
        let finding = change(id, [(name, facts.setupErrorsBefore.value, facts.setupErrorsAfter.value)])
        guard finding.status == .pass, let total = facts.setupErrorsAfter.value, total > 0 else { return finding }
        return Finding(
            id,
            .inconclusive,
            read: finding.read,
            meaning: "setting up failed earlier, and may have succeeded since"
        )
    }

    var servfailShare: Finding {
        let id = FindingID.servfailShare
        switch counters(id) {
        case .failure(let skipped): return skipped.finding
        case .success(let (first, last)):
            guard let old = first.values[.replies], let new = last.values[.replies] else {
                return skip(id, "this version does not count answers")
            }
            let (failures, answers) = (last.failures - first.failures, new - old)
            let read =
                "\(Self.number(failures)) of \(Self.number(answers)) answers in the window, "
                + "\(Self.number(last.failures)) of \(Self.number(new)) since the start"
            guard answers > 0 else { return Finding(id, .inconclusive, read: read) }
            if failures <= 0 { return Finding(id, .pass, read: read) }
            let isMany = 100 * failures > Self.failureLimitPercent * answers
            return Finding(id, isMany ? .fail : .inconclusive, read: read)
        }
    }

    var cacheCapacity: Finding {
        let id = FindingID.cacheCapacity
        switch counters(id) {
        case .failure(let skipped): return skipped.finding
        case .success(let (first, last)):
            var (fullest, text) = (0, "no cache tells its entries")
            for fill in last.fills {
                let capacity = capacity(of: fill)
                guard capacity > 0 else { continue }
                let percent = Self.percent(fill.entries, of: Double(capacity))
                guard percent >= fullest else { continue }
                fullest = percent
                let zones = fill.zones.map { " of \($0)" } ?? ""
                text = "\(Self.number(fill.entries)) of \(capacity) entries (\(fill.type)\(zones))"
            }
            guard let old = first.values[.cacheEvictions], let new = last.values[.cacheEvictions] else {
                return skip(id, "\(text); CoreDNS \(last.version) does not count what is put out")
            }
            let read = "\(text); \(Self.number(new - old)) put out in the window, \(Self.number(new)) since the start"
            if new > old { return Finding(id, .fail, read: read) }
            return Finding(id, fullest < Self.fillLimitPercent ? .pass : .inconclusive, read: read)
        }
    }

    private func capacity(of fill: CacheCounters.Fill) -> Int {
        let zones = fill.zones?.split(separator: ",").compactMap { try? DNSName(String($0)) } ?? []
        let all = facts.context.expectations.zones
        let named = all.filter { zones.contains($0.zone) }
        return (named.isEmpty ? all : named).map { fill.type == "denial" ? $0.denialCapacity : $0.successCapacity }
            .max() ?? 0
    }

    var upstreamTransport: Finding {
        let id = FindingID.upstreamTransport
        let forced = facts.context.upstreamsForcedToTCP
        guard !forced.isEmpty else { return skip(id, "no upstream is used by zones with force_tcp alone") }
        switch counters(id) {
        case .failure(let skipped): return skipped.finding
        case .success(let (first, last)):
            guard let opened = last.values[.connectionOpens], let reused = last.values[.connectionReuses] else {
                return skip(id, "CoreDNS \(last.version) does not count its upstream connections")
            }
            let datagrams = forced.map(\.description).map { name in
                (name, (last.datagrams[name] ?? 0) - (first.datagrams[name] ?? 0))
            }
            let queries =
                opened + reused - (first.values[.connectionOpens] ?? 0)
                - (first.values[.connectionReuses] ?? 0)
            let share = Self.percent(reused, of: opened + reused)
            let read =
                "\(Self.number(queries)) upstream queries in the window; \(share) % on kept connections since "
                + "the start"
            if let (name, count) = datagrams.first(where: { $0.1 > 0 }) {
                return Finding(id, .fail, read: "\(read); \(Self.number(count)) over UDP to \(name)")
            }
            guard queries > 0 else { return Finding(id, .inconclusive, read: read) }
            return Finding(id, .pass, read: "\(read); none over UDP to an upstream with force_tcp")
        }
    }

    var coreDNSVersion: Finding {
        let id = FindingID.coreDNSVersion
        let page: MetricsPage
        switch facts.metricsPage {
        case .unreadable(let reason): return skip(id, "no metrics: \(reason)")
        case .value(let value): page = value
        }
        guard let version = page.coreDNSVersion else {
            return skip(id, "the metrics page tells no version of CoreDNS")
        }
        if let defect = CoreDNSProfile.knownDefect(of: version) {
            return Finding(id, .fail, read: "CoreDNS \(version)", meaning: defect)
        }
        let profile = ProfileSelection.select(for: version).profile
        var facts: [String] = []
        if profile.healthCheckTransport == .udp { facts.append("health checks go over UDP whatever force_tcp says") }
        if let limit = profile.queriesPerTCPConnection {
            facts.append("a client's connection ends after \(limit) queries")
        }
        if profile.servfailShadowsPositive { facts.append("a kept SERVFAIL hides an entry that is still good") }
        if profile.spinsOnRefusedUpstream { facts.append("a refused upstream is dialled without pause for 5 s") }
        let text = facts.isEmpty ? "" : ": " + facts.joined(separator: "; ")
        return Finding(id, .pass, read: "CoreDNS \(version)\(text)")
    }
}

extension CoreDNSProfile {
    /// What is wrong with a version on any node, or nil.
    fileprivate static func knownDefect(of version: CoreDNSVersion) -> String? {
        if version < CoreDNSVersion(1, 6, 9) {
            return "an expired negative entry hides a positive one (coredns#3744, mended in 1.6.9)"
        }
        if version == CoreDNSVersion(1, 8, 3) {
            return "node-cache 1.20.0 with this version was withdrawn, since it was slower than the one before"
        }
        return nil
    }
}
