import LinuxNet
import Synchronization

/// How other threads reach a running ``CacheServer``.
final class CacheControl: Sendable {
    /// Raised when the server has to end.
    let stop = StopFlag()
    let ledger = CacheLedger()
    private struct Inbox {
        var configuration: CacheConfiguration?
        var waker: EventWake?
        var loop: String?
    }
    private let inbox = Mutex(Inbox())
    private let log: @Sendable (String) -> Void

    /// A control whose server says in `log` what CoreDNS says in its own.
    init(log: @escaping @Sendable (String) -> Void = { _ in }) {
        self.log = log
    }

    /// Tells that the Corefile was read anew, or that the old one stays.
    func noteReload(isComplete: Bool) {
        log(isComplete ? "[INFO] Reloading complete" : "[ERROR] Restart failed")
    }

    /// Ends the server.
    func end() {
        stop.raise()
        wake()
    }

    /// Puts a configuration into force; caches begin empty.
    func apply(_ configuration: CacheConfiguration) {
        inbox.withLock { $0.configuration = configuration }
        wake()
    }

    /// What ended the server although nobody asked: the zone whose forwarding goes round in a circle.
    var loopingZone: String? { inbox.withLock { $0.loop } }

    func noteLoop(zone: String) { inbox.withLock { $0.loop = zone } }
    func attach(_ waker: EventWake) { inbox.withLock { $0.waker = waker } }

    func takeConfiguration() -> CacheConfiguration? {
        inbox.withLock { inbox in
            defer { inbox.configuration = nil }
            return inbox.configuration
        }
    }

    private func wake() { inbox.withLock { $0.waker }?.wake() }
}
