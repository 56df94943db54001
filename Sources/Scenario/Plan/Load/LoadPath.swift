package import DNSWire

extension Scenario {
    /// How queries travel.
    package enum LoadTransport: String, Sendable, Hashable, CaseIterable {
        case udp
        case tcp
    }
}

/// How queries travel; the load engine has a type of that name, so it can also be called by its module.
package typealias LoadTransport = Scenario.LoadTransport

/// The way that the queries of a load take.
package struct LoadPath: Sendable, Hashable {
    /// How queries travel.
    package let transport: LoadTransport
    /// Sockets over all threads.
    package let connections: Int
    /// Sending threads.
    package let threads: Int
    /// Time after which a query counts as lost.
    package let timeoutNanoseconds: Int64
    /// UDP with segmentation offload, a stress mode.
    package let usesSegmentation: Bool
    /// UDP: truncated answers are asked for again over TCP.
    package let retriesTruncated: Bool
    /// TCP: queries in flight on one connection; `nil` sets no limit.
    package let pipelineDepth: Int?
    /// TCP: queries after which a connection is replaced; `nil` leaves that to the server.
    package let queriesPerConnection: Int?
    /// Addresses that sockets are bound to in turn; none leaves the choice to the kernel.
    package let sources: [AddressPrefix]
    /// Ports that sockets are bound to in turn; `nil` leaves the choice to the kernel.
    package let sourcePorts: ClosedRange<UInt16>?
    /// The network namespace that queries are sent from, a name under /run/netns or a process id; `nil` for ours.
    package let namespace: String?
    /// Sleeps until queries are due and never spins.
    package let isLowCPU: Bool
    /// The receive buffer asked for on each UDP socket, octets; `nil` is the engine's own choice.
    package let receiveBufferBytes: Int?
    /// Measures first what the generator gets from an echo on this machine.
    package let isCalibrated: Bool
}

extension LoadPath {
    var settings: [String: ResolvedValue] {
        var settings: [String: ResolvedValue] = [
            "transport": .string(transport.rawValue), "connections": .integer(Int64(connections)),
            "threads": .integer(Int64(threads)), "timeout_ns": .integer(timeoutNanoseconds),
            "segmentation_offload": .boolean(usesSegmentation), "retry_truncated": .boolean(retriesTruncated),
            "source": .array(sources.map { .string($0.description) }), "low_cpu": .boolean(isLowCPU),
            "calibrate": .boolean(isCalibrated),
        ]
        settings["pipeline"] = pipelineDepth.map { .integer(Int64($0)) }
        settings["queries_per_connection"] = queriesPerConnection.map { .integer(Int64($0)) }
        settings["source_ports"] = sourcePorts.map { .string("\($0.lowerBound)-\($0.upperBound)") }
        settings["receive_buffer_bytes"] = receiveBufferBytes.map { .integer(Int64($0)) }
        settings["netns"] = namespace.map { .string($0) }
        return settings
    }
}
