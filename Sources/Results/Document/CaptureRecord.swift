/// What a capture saw, and what it proves.
package struct CaptureRecord: Codable, Sendable, Equatable {
    /// What was seen of TCP.
    package struct TCP: Codable, Sendable, Equatable {
        /// Connections that carried DNS.
        package var connections: UInt64
        /// DNS messages in them.
        package var messages: UInt64
        /// Holes in their octet streams.
        package var gaps: UInt64

        /// Creates the counts.
        package init(connections: UInt64, messages: UInt64, gaps: UInt64) {
            self.connections = connections
            self.messages = messages
            self.gaps = gaps
        }
    }

    /// Frames seen.
    package var packets: UInt64
    /// DNS messages in them.
    package var messages: UInt64
    /// Messages that ask.
    package var queries: UInt64
    /// Messages that answer.
    package var responses: UInt64
    /// Queries joined with their answer.
    package var transactions: UInt64
    /// Queries without an answer.
    package var unanswered: UInt64
    /// Answers without a query.
    package var unsolicited: UInt64
    /// Frames that the kernel or the interface dropped before they were seen; any turns proofs inconclusive.
    package var drops: UInt64
    /// Frames seen twice.
    package var duplicates: UInt64
    /// What was seen of TCP.
    package var tcp: TCP
    /// The cache's books as the wire tells them: `hits`, `misses` and whatever else was counted.
    package var ledger: [String: UInt64]?
    /// What was proved.
    package var proofs: [ProofRecord]
    /// The files that were read or written.
    package var files: [String]?
    /// Zones, latencies, connections and faults.
    package var detail: CaptureDetail?

    /// Creates a section without ledger and proofs.
    package init(
        packets: UInt64,
        messages: UInt64,
        queries: UInt64,
        responses: UInt64,
        transactions: UInt64,
        unanswered: UInt64,
        unsolicited: UInt64,
        drops: UInt64,
        duplicates: UInt64,
        tcp: TCP,
        ledger: [String: UInt64]? = nil,
        proofs: [ProofRecord] = []
    ) {
        self.packets = packets
        self.messages = messages
        self.queries = queries
        self.responses = responses
        self.transactions = transactions
        self.unanswered = unanswered
        self.unsolicited = unsolicited
        self.drops = drops
        self.duplicates = duplicates
        self.tcp = tcp
        self.ledger = ledger
        self.proofs = proofs
    }
}
