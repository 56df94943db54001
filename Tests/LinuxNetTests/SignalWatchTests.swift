import Glibc
import LinuxNet
import Synchronization
import Testing

@Suite("Signals", .serialized)
struct SignalWatchTests {
    @Test("The first signal raises the flag and is remembered, the second calls the handler")
    func twoSignals() throws {
        let stop = StopFlag()
        let repeats = Repeats()
        // SIGUSR1 stands for SIGINT, which would end the test run if it came before the watch.
        let watch = try SignalWatch(stop: stop, signals: [SIGUSR1]) { repeats.last.store($0, ordering: .releasing) }
        #expect(watch.received == nil && !stop.isRaised)
        kill(getpid(), SIGUSR1)
        let deadline = Clock.deadline(after: 2_000_000_000)
        while !stop.isRaised && Clock.monotonicNanoseconds() < deadline {
            Clock.sleep(untilMonotonic: Clock.deadline(after: 1_000_000))
        }
        #expect(stop.isRaised && watch.received == SIGUSR1)
        kill(getpid(), SIGUSR1)
        while repeats.last.load(ordering: .acquiring) == 0 && Clock.monotonicNanoseconds() < deadline {
            Clock.sleep(untilMonotonic: Clock.deadline(after: 1_000_000))
        }
        #expect(repeats.last.load(ordering: .acquiring) == SIGUSR1)
    }
}

private final class Repeats: Sendable {
    let last = Atomic<Int32>(0)
}
