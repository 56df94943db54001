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
}

extension LoadPath {
    var settings: [String: ResolvedValue] {
        [
            "transport": .string(transport.rawValue), "connections": .integer(Int64(connections)),
            "threads": .integer(Int64(threads)), "timeout_ns": .integer(timeoutNanoseconds),
        ]
    }
}
