import Synchronization

/// A request to stop, raised once by anyone and polled by whoever works.
package final class StopFlag: Sendable {
    private let raised = Atomic<Bool>(false)

    /// A flag that is down.
    package init() {}

    /// Asks everyone who polls this flag to stop; idempotent.
    package func raise() { raised.store(true, ordering: .releasing) }

    /// Whether somebody has asked to stop.
    package var isRaised: Bool { raised.load(ordering: .acquiring) }
}
