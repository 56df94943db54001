import CLinuxNet
import Glibc
import SystemPackage

/// Waits for datagrams and errors on a set of sockets that does not change.
///
/// Up to 32 sockets are polled, more are watched by epoll: a socket in an epoll has a watcher in the kernel that is
/// called for each datagram that comes or leaves, also while nobody waits. On loopback that was 4 % of a load
/// generator's CPU time. One thread owns it; waiting allocates nothing.
package struct SocketSet: ~Copyable {
    private static let mostPolled = 32

    private let watches: UnsafeMutablePointer<clinuxnet_watch>
    private let count: Int
    private var epoll: EventPoll?
    private let ready: UnsafeMutablePointer<(index: Int, failed: Bool)>
    private static let readyCapacity = 64
    private var readyCount = 0

    /// A set of sockets, which the caller keeps open; an index into `descriptors` names each from then on.
    package init(_ descriptors: [Int32]) throws(NetError) {
        var epoll: EventPoll?
        if descriptors.count > SocketSet.mostPolled {
            let poll = try EventPoll()
            for (index, descriptor) in descriptors.enumerated() {
                try poll.add(descriptor, for: .readable, token: UInt64(index))
            }
            epoll = consume poll
        }
        count = descriptors.count
        watches = .allocate(capacity: max(1, count))
        for (index, descriptor) in descriptors.enumerated() {
            (watches + index).initialize(to: clinuxnet_watch(fd: descriptor, events: Int16(POLLIN), fired: 0))
        }
        ready = .allocate(capacity: SocketSet.readyCapacity)
        ready.initialize(repeating: (0, false), count: SocketSet.readyCapacity)
        self.epoll = epoll
    }

    deinit {
        watches.deallocate()
        ready.deallocate()
    }

    /// Waits for at least one socket and returns how many are ready, 0 on timeout; at most 64 at a time.
    package mutating func wait(timeoutNanoseconds: Int64) throws(NetError) -> Int {
        if epoll != nil { return try waitWithEpoll(timeoutNanoseconds) }
        let watches = watches
        let number = Int32(count)
        let fired = try SystemCall.run("wait for sockets") {
            clinuxnet_poll_many(watches, number, max(0, timeoutNanoseconds))
        }
        readyCount = 0
        guard fired > 0 else { return 0 }
        for index in 0..<count where watches[index].fired != 0 {
            ready[readyCount] = (index, watches[index].fired & Int16(POLLERR) != 0)
            readyCount += 1
        }
        return readyCount
    }

    private mutating func waitWithEpoll(_ timeoutNanoseconds: Int64) throws(NetError) -> Int {
        readyCount = try epoll?.wait(timeoutNanoseconds: timeoutNanoseconds) ?? 0
        var kept = 0
        for position in 0..<readyCount {
            guard let event = epoll?[position], event.token < UInt64(count) else { continue }
            ready[kept] = (Int(event.token), event.readiness.contains(.failed))
            kept += 1
        }
        readyCount = kept
        return kept
    }

    /// The socket at `position` of the last wait, and whether its error queue holds something.
    @inline(always)
    package subscript(position: Int) -> (index: Int, failed: Bool) {
        precondition(position >= 0 && position < readyCount, "no such socket")
        return ready[position]
    }
}
