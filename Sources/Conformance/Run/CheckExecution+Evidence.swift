internal import DNSWire

extension CheckExecution {
    private static let limit = 12

    /// What the check rests on: its exchanges, and the captured upstream queries for the names that it asked.
    var evidence: [CheckEvidence] {
        var evidence: [CheckEvidence] = []
        for (step, exchange) in shown(record) {
            var entry = CheckEvidence(text: Self.text(step, exchange))
            entry.sentHex = WireText.hex(exchange.sent)
            entry.receivedHex = WireText.hex(exchange.received ?? [])
            entry.realtimeNanoseconds = exchange.sentAtRealtime
            evidence.append(entry)
        }
        for (name, saved) in environment.saved.sorted(by: { $0.key < $1.key }) {
            guard case .http(let reply) = saved else { continue }
            let status = reply.status.map { "status \($0), \(reply.body.count) octets" } ?? reply.failure ?? "no answer"
            evidence.append(CheckEvidence(text: "\(name): \(status)"))
        }
        return evidence + frames
    }

    private func shown(_ entries: [(step: String, exchange: Exchange)]) -> [(step: String, exchange: Exchange)] {
        guard entries.count > Self.limit else { return entries }
        let silent = entries.filter { $0.exchange.received == nil }.prefix(Self.limit / 2)
        return Array(entries.prefix(Self.limit - 1 - silent.count) + silent + entries.suffix(1))
    }

    private var frames: [CheckEvidence] {
        guard let upstream = environment.upstream else { return [] }
        var seen: Set<DNSName> = []
        let names = record.compactMap { $0.exchange.sentQuestion?.name.lowercased }.filter { seen.insert($0).inserted }
        var frames: [CheckEvidence] = []
        for query in names.lazy.flatMap(upstream.queries) where frames.count < Self.limit {
            var entry = CheckEvidence(
                text:
                    "\(query.transport.rawValue.uppercased()) \(query.source) to \(query.destination): "
                    + "\(query.name) \(query.type)"
            )
            entry.frame = query.frame
            entry.realtimeNanoseconds = query.realtimeNanoseconds
            frames.append(entry)
        }
        return frames
    }

    private static func text(_ step: String, _ exchange: Exchange) -> String {
        let question = exchange.sentQuestion.map { "\($0.name) \($0.type)" } ?? "\(exchange.sent.count) octets"
        var text = "\(step): \(question) over \(exchange.transport.rawValue.uppercased()) to \(exchange.server): "
        if let message = exchange.message {
            text += "\(message.rcode), \(message.answers.count) answers, "
        } else {
            text += exchange.received == nil ? "" : "malformed, "
        }
        text += exchange.received == nil ? exchange.reasonForAbsence : "\(exchange.received?.count ?? 0) octets"
        return exchange.tries > 1 && exchange.received != nil ? text + ", \(exchange.tries) tries" : text
    }
}
