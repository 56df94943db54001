package import DNSWire
import Synchronization

/// Where a load's queries came from: the address and port of each socket that it had.
///
/// With it a capture can tell how many of the load's queries it saw.
package final class SourceLog: Sendable {
    /// More sockets than these are not kept apart: a load with a connection for each query opens many.
    private static let most = 65_536
    private let state = Mutex((sources: Set<Endpoint>(), isWhole: true))

    /// Makes an empty log.
    package init() {}

    /// The sockets' addresses and ports; `nil` when there were too many of them.
    package var sources: Set<Endpoint>? { state.withLock { $0.isWhole ? $0.sources : nil } }

    /// Takes a socket's address and port; one that has none makes the log useless.
    func add(_ source: Endpoint?) {
        state.withLock { state in
            if let source, state.sources.count < Self.most {
                state.sources.insert(source)
            } else {
                state.isWhole = false
            }
        }
    }
}
