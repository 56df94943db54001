/// What the network and the generator's clocks told about a load, besides its queries.
package struct LoadWire: Codable, Sendable, Equatable {
    /// ICMP "port unreachable" that came back; their queries ended as timed out.
    package var refused: UInt64 = 0
    /// Other ICMP errors that came back, such as "host unreachable".
    package var unreachable: UInt64 = 0
    /// Answers with the TC bit that stood as answers.
    package var truncated: UInt64 = 0
    /// Queries asked again over TCP because their answer over UDP was truncated.
    package var retriedOverTCP: UInt64 = 0
    /// Queries sent again over TCP because their connection ended first.
    package var resent: UInt64 = 0
    /// TCP connections that were begun.
    package var connections: UInt64 = 0
    /// TCP connections that could not be made.
    package var connectionFailures: UInt64 = 0
    /// TCP connections that the server ended.
    package var connectionsClosed: UInt64 = 0
    /// Answers whose latency was left out because real time jumped.
    package var unclocked: UInt64 = 0
    /// How often real time was set during the load; latencies of up to 10 ms around it may be off.
    package var clockSteps: UInt64 = 0
    /// The kernel's receive stamp to the generator's reading of the answer.
    package var clientLag: LatencySummary
    /// The generator's send to the driver's transmit stamp, of sampled datagrams; absent where none was stamped.
    package var transmitLag: LatencySummary?
    /// TCP handshakes; absent where there was none.
    package var connectTime: LatencySummary?
    /// Whether datagrams left in packets of many segments: a stress mode, cheaper for the stack than real clients are.
    package var usesSegmentation: Bool?

    /// Nothing told yet.
    package init(clientLag: LatencySummary) { self.clientLag = clientLag }

    enum CodingKeys: String, CodingKey {
        case refused, unreachable, truncated, resent, connections, unclocked
        case retriedOverTCP = "retried_over_tcp"
        case connectionFailures = "connection_failures"
        case connectionsClosed = "connections_closed"
        case clockSteps = "clock_steps"
        case clientLag = "client_lag_ns"
        case transmitLag = "transmit_lag_ns"
        case connectTime = "connect_ns"
        case usesSegmentation = "segmentation_offload"
    }
}

extension LoadWire {
    /// What a reader should know, a clause each; empty when nothing happened.
    package var remarks: [String] {
        var remarks: [String] = []
        func count(_ value: UInt64, _ what: String) {
            if value > 0 { remarks.append("\(value) \(what)") }
        }
        count(refused, "refused by ICMP")
        count(unreachable, "ICMP errors")
        count(truncated, "truncated answers")
        count(retriedOverTCP, "asked again over TCP")
        count(resent, "sent again on another connection")
        count(connectionFailures, "connections failed")
        count(connectionsClosed, "connections closed by the server")
        count(unclocked, "answers without a latency, as real time jumped")
        if clockSteps > 0 { remarks.append("real time was set \(clockSteps) times") }
        if usesSegmentation == true { remarks.append("segmentation offload: a stress mode") }
        return remarks
    }
}
