import LinuxNet
import Synchronization

/// Lets all lanes begin at one instant, once the last has made its sockets.
final class StartGate: Sendable {
    private let missing: Atomic<Int>
    private let instant = Atomic<Int64>(0)

    init(lanes: Int) { missing = Atomic(lanes) }

    /// Waits for the other lanes; the common start (CLOCK_MONOTONIC), or `nil` when one of them failed.
    func wait(abort: StopFlag) -> Int64? {
        if missing.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 {
            instant.store(Clock.deadline(after: 2_000_000), ordering: .releasing)
        }
        while !abort.isRaised {
            let start = instant.load(ordering: .acquiring)
            if start != 0 {
                Clock.sleep(untilMonotonic: start)
                return start
            }
            Clock.sleep(untilMonotonic: Clock.deadline(after: 200_000))
        }
        return nil
    }
}
