import DNSBench
import Synchronization

/// Keeps what a run reported.
final class ProgressLog: Sendable {
    private let entries = Mutex<[LoadProgress]>([])
    func append(_ entry: LoadProgress) { entries.withLock { $0.append(entry) } }
    var all: [LoadProgress] { entries.withLock { $0 } }
}
