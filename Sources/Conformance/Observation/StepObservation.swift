internal import DNSWire
package import NodeLocal

/// What a step saw, under the name that the step saves.
package enum StepObservation: Sendable {
    case exchange(Exchange)
    case exchanges([Exchange])
    case session(TCPSessionObservation)
    case http(HTTPObservation)
    case metrics(MetricsObservation)
    case lab(LabObservation)
    case node(NodeObservation)
    /// The step's condition did not hold.
    case skipped(String)
}

/// What happened on a TCP connection, or on several that were open together.
package struct TCPSessionObservation: Sendable {
    /// One exchange each query that the script sent, answers matched by id and question.
    package var exchanges: [Exchange] = []
    /// Connections that could be opened.
    package var connectionCount = 0
    /// Every connection could be opened.
    package var isConnected = false
    /// Frames received, also those that match no query.
    package var frameCount = 0
    /// Ids of the answers in the order in which they came.
    package var receivedIDs: [UInt16] = []
    /// The server ended its direction in order.
    package var isClosed = false
    /// The server aborted the connection.
    package var isReset = false
    /// From the last octet sent to the server's end of the connection, in nanoseconds.
    package var closedAfterNanoseconds: Int64?
    /// Segments with data that had come when the first answer was whole; nil where the kernel does not say.
    package var segmentsOfFirst: Int?
    package var failure: String?

    package init() {}

    /// What happened on `sessions` together; segments and ends belong to single connections.
    package init(of sessions: [TCPSessionObservation]) {
        exchanges = sessions.flatMap(\.exchanges)
        connectionCount = sessions.reduce(0) { $0 + $1.connectionCount }
        isConnected = sessions.allSatisfy(\.isConnected)
        frameCount = sessions.reduce(0) { $0 + $1.frameCount }
        receivedIDs = sessions.flatMap(\.receivedIDs)
        isClosed = sessions.contains(where: \.isClosed)
        isReset = sessions.contains(where: \.isReset)
        failure = sessions.lazy.compactMap(\.failure).first
    }

    /// The value of a path that belongs to the session itself; nil when there is no such path.
    func value(at path: String) -> CheckValue? {
        switch path {
        case "connected": .boolean(isConnected)
        case "connections": .integer(Int64(connectionCount))
        case "queries": .integer(Int64(exchanges.count))
        case "matched": .integer(Int64(exchanges.filter { $0.received != nil }.count))
        case "frames": .integer(Int64(frameCount))
        case "in_order": .boolean(receivedIDs == exchanges.compactMap(\.sentHeader?.id))
        case "closed": .boolean(isClosed)
        case "reset": .boolean(isReset)
        case "closed_after": closedAfterNanoseconds.map(CheckValue.duration) ?? .absent("the connection stayed open")
        case "segments":
            segmentsOfFirst.map { .integer(Int64($0)) }
                ?? (frameCount == 0 ? .absent("no answer") : .unknown("the kernel does not count segments"))
        default: nil
        }
    }

    static let fieldNames: Set<String> = [
        "connected", "connections", "queries", "matched", "frames", "in_order", "closed", "reset", "closed_after",
        "segments",
    ]
}

/// The answer to an HTTP GET.
package struct HTTPObservation: Sendable {
    /// The status code, nil when no answer came.
    package var status: Int?
    package var body: [UInt8] = []
    package var elapsedNanoseconds: Int64 = 0
    package var failure: String?

    package init() {}

    /// The value of a path; nil when there is no such path.
    func value(at path: String) -> CheckValue? {
        switch path {
        case "answered": .boolean(status != nil)
        case "status": status.map { .integer(Int64($0)) } ?? .absent("no answer: \(failure ?? "nothing came")")
        case "body": status == nil ? .absent("no answer: \(failure ?? "nothing came")") : .text(text)
        case "elapsed": .duration(elapsedNanoseconds)
        default: nil
        }
    }

    static let fieldNames: Set<String> = ["answered", "status", "body", "elapsed"]

    private var text: String {
        let trimmed = body.reversed().drop { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
        return String(decoding: trimmed.reversed(), as: UTF8.self)
    }
}

/// When something was done to the lab, in nanoseconds on CLOCK_MONOTONIC.
package struct LabObservation: Sendable {
    package var startedAt: Int64
    package var endedAt: Int64

    /// The value of a path; nil when there is no such path.
    func value(at path: String) -> CheckValue? {
        switch path {
        case "started_at": .time(startedAt)
        case "", "ended_at": .time(endedAt)
        case "elapsed": .duration(endedAt - startedAt)
        default: nil
        }
    }

    static let fieldNames: Set<String> = ["started_at", "ended_at", "elapsed"]
}

/// A metrics page at one moment.
package struct MetricsObservation: Sendable {
    private let page: MetricsPage?
    private let failure: String?
    /// Pages of caches that ended after this page was read; what they had counted is missing in later pages.
    private var ended: [MetricsPage] = []

    /// A page that could be read.
    package init(_ page: MetricsPage) {
        self.page = page
        failure = nil
    }

    /// A page that could not be read, and why.
    package init(failure: String) {
        page = nil
        self.failure = failure
    }

    var isReadable: Bool { page != nil }

    /// The sum of the samples of a name that carry all these labels; nil without such a sample.
    ///
    /// What caches that ended since then had counted is subtracted, so that the difference to a later page is right.
    func sum(_ name: String, _ labels: [String: String]) -> Double? {
        let lost = ended.compactMap { $0.sum(name, where: labels) }
        let sum = page?.sum(name, where: labels)
        return lost.isEmpty ? sum : (sum ?? 0) - lost.reduce(0, +)
    }

    /// The same page as the beginning of a span in which caches ended whose last pages were these.
    func followed(by ended: [MetricsObservation]) -> MetricsObservation {
        var begun = self
        begun.ended += ended.compactMap(\.page)
        return begun
    }

    /// The value of a path; nil when there is no such path.
    func value(at path: String) -> CheckValue? {
        switch path {
        case "parses": .boolean(isReadable)
        case "families":
            page.map { .list(Set($0.samples.map(\.name)).sorted().map { .text($0) }) } ?? .absent(reason)
        default: nil
        }
    }

    static let fieldNames: Set<String> = ["parses", "families"]

    var reason: String { failure ?? "the metrics page could not be read" }
}
