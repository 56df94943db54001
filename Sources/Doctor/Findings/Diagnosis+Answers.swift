import DNSWire

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
