import CLinuxNet
import SystemPackage

/// Wakes an ``EventPoll`` from any thread (an eventfd).
package final class EventWake: Sendable {
    fileprivate let descriptor: Int32

    fileprivate init() throws(NetError) {
        descriptor = Int32(try SystemCall.run("make an eventfd") { clinuxnet_eventfd() })
    }

    deinit { _ = clinuxnet_close(descriptor) }

    /// Makes the poll's present or next wait return with ``EventPoll/wakeToken``.
    package func wake() {
        var one: UInt64 = 1
        let descriptor = descriptor
        _ = withUnsafeBytes(of: &one) { bytes in
            SystemCall.repeating { clinuxnet_write(descriptor, bytes.baseAddress, bytes.count) }
        }
    }

    fileprivate func drain() {
        var value: UInt64 = 0
        let descriptor = descriptor
        _ = withUnsafeMutableBytes(of: &value) { bytes in
            SystemCall.repeating { clinuxnet_read(descriptor, bytes.baseAddress, bytes.count) }
        }
    }
}

/// Waits on many descriptors at once (epoll), with a wake-up that other threads can ring.
///
/// One thread owns it; only ``waker`` may be used from others.
package struct EventPoll: ~Copyable {
    /// One descriptor that is ready.
    package struct Event: Sendable {
        /// The token that was given when the descriptor was added.
        package let token: UInt64
        /// What it is ready for.
        package let readiness: Readiness
    }

    /// The token of wake-ups; no descriptor may use it.
    package static let wakeToken = UInt64.max

    /// Rings this poll from any thread.
    package let waker: EventWake

    private static let capacity = 64
    private let descriptor: OwnedDescriptor
    private let events: UnsafeMutablePointer<clinuxnet_event>
    private var readyCount = 0

    /// An empty poll with its wake-up.
    package init() throws(NetError) {
        let waker = try EventWake()
        let descriptor = OwnedDescriptor(
            adopting: Int32(try SystemCall.run("make an epoll") { clinuxnet_epoll_create() })
        )
        let epoll = descriptor.rawValue
        let wake = waker.descriptor
        try SystemCall.run("watch an eventfd") {
            clinuxnet_epoll_add(epoll, wake, Readiness.readable.rawValue, EventPoll.wakeToken)
        }
        self.waker = waker
        self.descriptor = descriptor
        events = .allocate(capacity: EventPoll.capacity)
        events.initialize(repeating: clinuxnet_event(), count: EventPoll.capacity)
    }

    deinit { events.deallocate() }

    /// The poll's own descriptor, which is readable while events wait; this value keeps owning it.
    package var fd: Int32 { descriptor.rawValue }

    /// Starts to watch a descriptor, level-triggered; `token` comes back with its events.
    package func add(_ fd: Int32, for readiness: Readiness, token: UInt64) throws(NetError) {
        let epoll = descriptor.rawValue
        try SystemCall.run("watch a descriptor") { clinuxnet_epoll_add(epoll, fd, readiness.rawValue, token) }
    }

    /// Changes what a watched descriptor is watched for.
    package func modify(_ fd: Int32, for readiness: Readiness, token: UInt64) throws(NetError) {
        let epoll = descriptor.rawValue
        try SystemCall.run("watch a descriptor") { clinuxnet_epoll_modify(epoll, fd, readiness.rawValue, token) }
    }

    /// Stops watching a descriptor; not needed before closing it.
    package func remove(_ fd: Int32) throws(NetError) {
        let epoll = descriptor.rawValue
        try SystemCall.run("stop watching a descriptor") { clinuxnet_epoll_remove(epoll, fd) }
    }

    /// Waits for events and returns how many are ready, 0 on timeout; at most 64 at a time.
    ///
    /// A negative timeout waits for ever. Read the events with ``subscript(_:)`` until the next wait.
    package mutating func wait(timeoutNanoseconds: Int64) throws(NetError) -> Int {
        readyCount = 0
        let deadline = timeoutNanoseconds < 0 ? Int64.max : Clock.deadline(after: timeoutNanoseconds)
        let epoll = descriptor.rawValue
        let events = events
        let capacity = Int32(EventPoll.capacity)
        readyCount = try SystemCall.run("wait for events") {
            let left = deadline == .max ? -1 : max(0, deadline &- Clock.monotonicNanoseconds())
            return clinuxnet_epoll_wait(epoll, events, capacity, left)
        }
        for index in 0..<readyCount where events[index].token == EventPoll.wakeToken { waker.drain() }
        return readyCount
    }

    /// The event at `index` of the last wait.
    package subscript(index: Int) -> Event {
        precondition(index >= 0 && index < readyCount, "no such event")
        let event = events[index]
        var readiness: Readiness = []
        if event.readable != 0 { readiness.insert(.readable) }
        if event.writable != 0 { readiness.insert(.writable) }
        if event.failed != 0 { readiness.insert(.failed) }
        return Event(token: event.token, readiness: readiness)
    }
}
