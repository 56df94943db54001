import DNSWire
import NodeLocal

/// Findings on answers to queries.
extension Diagnosis {
    /// Judges answers to questions that have an answer on every node.
    func answers(_ id: FindingID, _ answers: [ZoneAnswer]) -> Finding {
        judge(id, answers, accepted: [.noError])
    }

    func clusterAnswers(_ id: FindingID, _ answers: [ZoneAnswer]) -> Finding {
        guard facts.context.clusterDNS != nil else { return skip(id, "the address of the cluster DNS is not known") }
        guard !facts.context.isCaptureRunning else {
            return skip(id, "not asked: a capture is running, which would take the queries for the cache's own")
        }
        return judge(id, answers, accepted: [.noError])
    }

    /// dnsmasq forks for each TCP connection, 20 at a time and for 100 queries each (dnsmasq `src/config.h`,
    /// `MAX_PROCS` and `TCP_MAX_QUERIES`).
    var clusterSoftware: Finding {
        let id = FindingID.clusterSoftware
        guard facts.context.clusterDNS != nil else { return skip(id, "the address of the cluster DNS is not known") }
        guard !facts.context.isCaptureRunning else {
            return skip(id, "not asked: a capture is running, which would take the query for the cache's own")
        }
        switch facts.clusterSoftware {
        case .unreadable(let reason): return skip(id, reason)
        case .value(let text):
            let read = "it says '\(text)'"
            guard text.lowercased().hasPrefix("dnsmasq") else { return Finding(id, .pass, read: read) }
            let forced = Set(facts.context.servedZones.filter { $0.transport == .tcp }.map(\.zone))
            guard facts.clusterUDP.contains(where: { forced.contains($0.question.zone) }) else {
                return Finding(id, .pass, read: read + ", and no zone that leads to it has force_tcp")
            }
            return Finding(id, .inconclusive, read: read + ", and zones with force_tcp lead to it")
        }
    }

    /// Time in which the quickest answer must have come; one alone may have been fetched, or have met a busy moment.
    private static let promptNanoseconds: Int64 = 50_000_000

    var cacheLatency: Finding {
        let id = FindingID.cacheLatency
        let times = (facts.cacheUDP + facts.cacheTCP).compactMap { answer -> Int64? in
            guard case .answered(_, let nanoseconds, attempts: 1) = answer.outcome else { return nil }
            return nanoseconds
        }
        guard let quickest = times.min(), let slowest = times.max() else {
            return skip(id, "no answer came at the first attempt")
        }
        let texts = [quickest, slowest].map(ZoneAnswer.milliseconds)
        let read = "\(times.count) answers in \(texts[0]) to \(texts[1])"
        return Finding(id, quickest < Self.promptNanoseconds ? .pass : .fail, read: read)
    }

    var misses: Finding { judge(.cacheMisses, facts.misses, accepted: [.noError, .nxDomain]) }

    private func judge(_ id: FindingID, _ answers: [ZoneAnswer], accepted: Set<RCode>) -> Finding {
        guard !answers.isEmpty else { return skip(id, "no zone was asked") }
        let read = answers.map(\.description).joined(separator: "; ")
        let faults = answers.filter { answer in
            guard let rcode = answer.rcode else { return true }
            // A reverse or stub zone may well not know the one name that we ask; that is an answer too.
            if rcode == .nxDomain, answer.question.question.type != .a { return false }
            return !accepted.contains(rcode)
        }
        return Finding(id, faults.isEmpty ? .pass : .fail, read: read)
    }
}
