/// A fault that the wire shows by itself, whatever caused it.
package enum FaultSignature: String, Sendable, Hashable, CaseIterable {
    /// A client's query without an answer, for which the cache asked nobody: it was lost on its way, or in the queue.
    case queryLost = "query-lost"
    /// A client's query without an answer, whose upstream query had none either.
    case upstreamSilent = "upstream-silent"
    /// A client's query without an answer although the upstream had answered.
    case answerLost = "answer-lost"
    /// Of two queries sent side by side from one port, as stub resolvers ask for A and AAAA, one has no answer.
    case pairHalfLost = "pair-half-lost"
    /// A truncated answer to a client over UDP.
    case truncated
    /// SERVFAIL to a client.
    case servfail
    /// An upstream that refused a connection: RST in answer to SYN.
    case connectionRefused = "connection-refused"
    /// An upstream that reset an established connection.
    case connectionReset = "connection-reset"
    /// An upstream that did not answer SYN.
    case dialTimeout = "dial-timeout"
    /// A SYN to an upstream that had to be sent again: a second of delay.
    case repeatedSYN = "repeated-syn"
    /// A connection to an upstream that carried one query, while there are several: connections are not reused.
    case connectionPerQuery = "connection-per-query"
    /// A pod that asks the cluster DNS IP, past the cache.
    case bypass
    /// ICMP told that a packet of DNS did not arrive.
    case unreachable

    /// What it means, and what to look at, in one sentence.
    package var meaning: String {
        switch self {
        case .queryLost:
            "The cache did not answer and asked nobody: look at the drops of its socket (/proc/net/udp) and at its CPU."
        case .upstreamSilent: "The cache asked and got nothing: look at the upstream and the path to it."
        case .answerLost: "The upstream answered and the client got nothing: look at the cache's log and its CPU."
        case .pairHalfLost:
            "A and AAAA from one port, and only one of them came through: the conntrack race; "
                + "see that NOTRACK covers the cache's address (conntrack -S, insert_failed)."
        case .truncated: "Answers do not fit into the client's UDP size; it must ask again over TCP."
        case .servfail: "The cache could not find an answer: look at its log for the upstream's failure."
        case .connectionRefused: "Nothing listens where the cache asks, or the cluster DNS has no endpoint."
        case .connectionReset:
            "The upstream, or something between, tears connections down: a pod was killed, or an idle "
                + "timeout is shorter than the cache's."
        case .dialTimeout: "SYN went out and nothing came back: a dead endpoint, or a firewall that drops TCP port 53."
        case .repeatedSYN: "The first SYN was lost: packet loss, a full accept queue, or IPVS port reuse."
        case .connectionPerQuery:
            "Each query opens a connection: the upstream closes them, or the cache does not keep them."
        case .bypass: "These pods still have the cluster DNS IP in resolv.conf; they were made before kubelet's change."
        case .unreachable: "A router or host said that packets cannot be delivered."
        }
    }
}

/// How often each fault was seen, with the first frames that show it.
package struct FaultBook: Sendable {
    private static let kept = 4
    private var counts = [UInt64](repeating: 0, count: FaultSignature.allCases.count)
    private var evidence = [[Evidence]](repeating: [], count: FaultSignature.allCases.count)

    /// How often a fault was seen.
    package func count(_ fault: FaultSignature) -> UInt64 { counts[Self.place(fault)] }

    /// The first frames that show it.
    package func evidence(_ fault: FaultSignature) -> [Evidence] { evidence[Self.place(fault)] }

    /// The faults that were seen.
    package var seen: [FaultSignature] { FaultSignature.allCases.filter { count($0) > 0 } }

    /// Whether a frame that shows a fault is still wanted.
    func wants(_ fault: FaultSignature) -> Bool { evidence[Self.place(fault)].count < Self.kept }

    /// Counts a fault; the witness need not be made when none is wanted.
    mutating func add(_ fault: FaultSignature, _ witness: Evidence?) {
        let place = Self.place(fault)
        counts[place] += 1
        if let witness, evidence[place].count < Self.kept { evidence[place].append(witness) }
    }

    mutating func setCount(_ fault: FaultSignature, _ count: UInt64) { counts[Self.place(fault)] = count }

    mutating func merge(_ other: FaultBook) {
        for place in counts.indices {
            counts[place] += other.counts[place]
            evidence[place] = Array(
                (evidence[place] + other.evidence[place])
                    .sorted { ($0.realtimeNanoseconds, $0.frame.number) < ($1.realtimeNanoseconds, $1.frame.number) }
                    .prefix(Self.kept)
            )
        }
    }

    private static func place(_ fault: FaultSignature) -> Int {
        switch fault {
        case .queryLost: 0
        case .upstreamSilent: 1
        case .answerLost: 2
        case .pairHalfLost: 3
        case .truncated: 4
        case .servfail: 5
        case .connectionRefused: 6
        case .connectionReset: 7
        case .dialTimeout: 8
        case .repeatedSYN: 9
        case .connectionPerQuery: 10
        case .bypass: 11
        case .unreachable: 12
        }
    }
}
