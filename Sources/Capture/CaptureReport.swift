/// The numbers of a capture, with the identities that they must keep.
package struct CaptureReport: Sendable, Equatable {
    package var frames: CaptureCounters
    package var messages: MessageCounters
    package var transactions: TransactionCounters
    /// Queries that still wait for a response; 0 after the end.
    package var openTransactions: UInt64
    package var tcp: TCPCounters
    package var losses: CaptureLosses

    /// Frames taken in; `capture.packets` of the result document.
    package var packets: UInt64 { frames.frames }
    /// Packets and messages known to be lost; `capture.drops` of the result document.
    package var drops: UInt64 {
        losses.kernelDrops + losses.interfaceDrops + losses.evictedConnections + losses.evictedMessages
            + losses.evictedTransactions + losses.unrecorded
    }

    /// Everything taken in is in exactly one class: frames, messages, queries and responses.
    package var isBalanced: Bool {
        frames.isBalanced
            && transactions.isBalanced(open: openTransactions)
            && messages.messages == messages.queries + messages.responses
            && messages.messages + messages.headless
                == transactions.queries + transactions.responses + messages.notSelected
            && messages.messages + messages.malformed == frames.udp + tcp.messages
            && messages.headless == tcp.headless
            && messages.messages + messages.headless == messages.client + messages.upstream + messages.bypass
                + messages.foreign
    }

    /// The identities in words, as every report shows them.
    package var accounting: [String] {
        [
            """
            frames \(frames.frames) = duplicates \(frames.duplicates) + not IP \(frames.notIP) + other protocol \
            \(frames.otherProtocol) + other port \(frames.otherPort) + other interface \(frames.otherInterface) + \
            unknown link \(frames.unknownLink) + malformed \(frames.malformed) + ICMP \(frames.icmp) + fragments \
            \(frames.fragments) + UDP \(frames.udp) + TCP \(frames.tcp)
            """,
            """
            messages \(messages.messages) + malformed \(messages.malformed) = UDP \(frames.udp) + from TCP \
            \(tcp.messages)
            """,
            """
            messages \(messages.messages) + headless \(messages.headless) = matched 2 × \(transactions.matched) (of these \
            skewed \(transactions.skewed)) + unanswered \
            \(transactions.unanswered) + unsolicited \(transactions.unsolicited) + retransmitted \
            \(transactions.retransmitted) + evicted \(transactions.evicted) + open \(openTransactions) + not selected \
            \(messages.notSelected)
            """,
        ]
    }
}

/// What a finished capture, live or from a file, has to say.
package struct CaptureResult: Sendable {
    package var report: CaptureReport
    /// The latest messages in the order in which they were completed; older ones were counted and let go.
    package var records: [MessageRecord]
    /// Both sides of the cache joined.
    package var findings: CaptureFindings
    /// From when to when was looked, nanoseconds since the Unix epoch: the first and last frame of files, and start and
    /// stop of a live capture; nil when files have no frame.
    package var span: ClosedRange<Int64>?
    /// What clients asked, if it was to be kept.
    package var queries: CapturedQueries?
    /// The files that were read, in the order in which `FrameNumber.file` counts them; empty for a live capture.
    package var files: [CaptureFileSummary] = []
    /// Interface names of a live capture by index.
    package var interfaceNames: [UInt32: String] = [:]

    /// Where a file is damaged, the first one that is.
    package var damage: CaptureDamage? { files.lazy.compactMap(\.damage).first }

    /// The client and upstream side joined, in numbers.
    package var ledger: Ledger { findings.ledger }

    /// What the proofs are judged on.
    package var observation: Observation { Observation(findings: findings, losses: report.losses) }
}

/// Where and how a capture file is damaged.
package struct CaptureDamage: Sendable, Equatable, CustomStringConvertible {
    /// Octets from the start of the file to the first record that could not be read.
    package var offset: UInt64
    package var reason: String

    /// One sentence.
    package var description: String { description(of: "The file") }

    /// One sentence that begins with the name of the file.
    package func description(of file: String) -> String {
        "\(file) is damaged at offset \(offset) (\(reason)); everything before it was read."
    }
}
