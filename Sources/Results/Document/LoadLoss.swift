/// At whose door the queries lie that got no answer.
///
/// The shares add up to `lost`. A share is at most what a counter moved by, and no query is counted twice; what no
/// counter speaks of is unexplained.
package struct LoadLoss: Codable, Sendable, Equatable {
    /// Queries without an answer: timed out, unsent or refused by our kernel.
    package var lost: UInt64
    /// The generator: not sent, or dropped at its own sockets.
    package var client: UInt64 = 0
    /// The kernel: the server's receive queue, connection tracking, the network.
    package var kernel: UInt64 = 0
    /// The server under test: not listening, silent or late.
    package var cache: UInt64 = 0
    /// What stands behind the server.
    package var upstream: UInt64 = 0
    /// No counter tells.
    package var unexplained: UInt64 = 0
    /// What the shares rest on, a sentence each.
    package var evidence: [String] = []

    /// Nothing explained yet.
    package init(lost: UInt64) { self.lost = lost }

    /// The shares with their names, without the empty ones.
    package var shares: String {
        [
            ("client", client), ("kernel", kernel), ("cache", cache), ("upstream", upstream),
            ("unexplained", unexplained),
        ].filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
    }
}

/// How much more the generator could have done.
package struct LoadGenerator: Codable, Sendable, Equatable {
    /// The share of its threads' time in which they worked, 0 … 1.
    package var busyRatio: Double
    /// How many times as many queries it could have sent: 1 over the busy share.
    package var headroom: Double
    /// Answers a second that it gets from a responder that costs next to nothing; absent unless calibrated.
    package var capacityQPS: Double?

    /// From the time that threads ran and worked.
    package init(laneNanoseconds: Int64, busyNanoseconds: Int64, capacityQPS: Double? = nil) {
        let ratio = laneNanoseconds > 0 ? Double(busyNanoseconds) / Double(laneNanoseconds) : 0
        busyRatio = Swift.min(1, Swift.max(0.000_001, ratio))
        headroom = 1 / busyRatio
        self.capacityQPS = capacityQPS
    }

    enum CodingKeys: String, CodingKey {
        case headroom
        case busyRatio = "busy_ratio"
        case capacityQPS = "capacity_qps"
    }
}
