/// A load's queries, as sent and as a capture beside it saw them.
package struct LoadCapture: Codable, Sendable, Equatable {
    /// Queries that the generator handed to the kernel.
    package var sent: UInt64
    /// Those of them that the capture saw, told by the address and port of their sockets.
    package var seen: UInt64

    /// Creates the two counts.
    package init(sent: UInt64, seen: UInt64) {
        self.sent = sent
        self.seen = seen
    }
}

extension LoadCapture {
    /// What it means, a sentence without its beginning.
    package var sentence: String {
        if seen == sent { return "the capture saw each of its \(sent) queries" }
        if seen == 0 { return "the capture saw none of its \(sent) queries: it does not watch their path" }
        return seen < sent
            ? "the capture missed \(sent - seen) of its \(sent) queries"
            : "the capture saw \(seen) queries of its sockets, which sent \(sent)"
    }
}
