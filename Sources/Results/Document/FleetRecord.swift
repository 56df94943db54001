import Measure

/// The nodes whose results were added up, and those among them that stand out.
package struct FleetRecord: Codable, Sendable, Equatable {
    /// One load of one node, as far as nodes are held against each other.
    package struct NodeLoad: Codable, Sendable, Equatable {
        /// The target's name.
        package var target: String
        /// What the load was for.
        package var phase: String
        /// `udp` or `tcp`.
        package var transport: String
        /// Queries that were answered or lost.
        package var judged: UInt64
        /// Those without an answer.
        package var lost: UInt64
        /// Median response latency, in nanoseconds; absent with fewer than ten answers above it.
        package var p50: Int64?
        /// 99th percentile, likewise.
        package var p99: Int64?
        /// Why the load was left out of the sum; absent when it counts.
        package var invalidReason: String?

        /// Draws the figures from a load.
        init(_ load: LoadRecord) {
            target = load.target
            phase = load.phase
            transport = load.transport
            let (judged, overflow) = load.counters.scheduled.subtractingReportingOverflow(load.counters.interrupted)
            self.judged = overflow ? 0 : judged
            lost = self.judged - min(load.counters.answered, self.judged)
            invalidReason = load.invalidReason
            guard invalidReason == nil, let histogram = try? load.latency.response.histogram() else { return }
            if histogram.supports(percentile: 50) { p50 = histogram.value(percentile: 50) }
            if histogram.supports(percentile: 99) { p99 = histogram.value(percentile: 99) }
        }

        /// Lost queries per judged one.
        package var loss: Double { judged == 0 ? 0 : Double(lost) / Double(judged) }

        enum CodingKeys: String, CodingKey {
            case target, phase, transport, judged, lost
            case p50 = "p50_ns"
            case p99 = "p99_ns"
            case invalidReason = "invalid_reason"
        }
    }

    /// A node.
    package struct Node: Codable, Sendable, Equatable {
        /// The name that its result was given.
        package var name: String
        /// When its run began.
        package var started: Timestamp
        /// Whether its run came to its end.
        package var status: RunStatus
        /// What its run said.
        package var verdict: RunVerdict
        /// The class of machines that it is of.
        package var environmentClass: String
        /// Its loads.
        package var loads: [NodeLoad]

        /// The node that a result was measured on.
        init(name: String, _ document: ResultDocument) {
            self.name = name
            started = document.started
            status = document.status
            verdict = document.verdict
            environmentClass = document.environment.className
            loads = (document.load ?? []).map(NodeLoad.init)
        }

        enum CodingKeys: String, CodingKey {
            case name, started, status, verdict, loads
            case environmentClass = "environment_class"
        }
    }

    /// A figure by which a node stands out.
    package struct Outlier: Codable, Sendable, Equatable {
        /// The node.
        package var node: String
        /// The target.
        package var target: String
        /// What the load was for.
        package var phase: String
        /// `p50`, `p99` (nanoseconds) or `loss` (a fraction).
        package var metric: String
        /// The node's figure.
        package var value: Double
        /// The median over all nodes.
        package var median: Double
        /// How far it lies out: the modified z-score, above 0 when the figure is larger than the others'.
        package var score: Double
    }

    /// The rule by which nodes stand out, in a sentence with its source.
    package var rule: String
    /// The nodes, in the order given.
    package var nodes: [Node]
    /// What stands out, the farthest first.
    package var outliers: [Outlier]

    /// Holds the nodes against each other.
    init(nodes: [Node]) {
        rule = StandOutRule.sentence
        self.nodes = nodes
        outliers = StandOutRule.outliers(among: nodes)
    }
}
