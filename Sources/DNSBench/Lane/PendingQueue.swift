import LinuxNet

/// Queries of a TCP lane that wait for a connection, first in, first out; allocates nothing after `init`.
struct PendingQueue: ~Copyable {
    /// One waiting query.
    struct Item {
        /// The query's index in the slab.
        var query: UInt32
        /// How often it was sent before.
        var resends: UInt32
        /// When it should have been sent, CLOCK_MONOTONIC.
        var intended: Int64
        /// When it was queued, CLOCK_MONOTONIC.
        var queuedAt: Int64
    }

    private let items: UnsafeMutablePointer<Item>
    private let capacity: Int
    private var head = 0
    /// How many wait.
    private(set) var count = 0

    /// An empty queue; `capacity` must be a power of two.
    init(capacity: Int) {
        precondition(capacity > 0 && capacity & (capacity - 1) == 0, "capacity must be a power of two")
        self.capacity = capacity
        items = .allocate(capacity: capacity)
    }

    deinit { items.deallocate() }

    /// Adds one at the end; `false` when the queue is full.
    mutating func append(_ item: Item) -> Bool {
        guard count < capacity else { return false }
        (items + ((head &+ count) & (capacity &- 1))).initialize(to: item)
        count &+= 1
        return true
    }

    /// The longest waiting one.
    var first: Item? { count == 0 ? nil : items[head] }

    /// Takes the longest waiting one.
    mutating func popFirst() -> Item? {
        guard count > 0 else { return nil }
        let item = items[head]
        head = (head &+ 1) & (capacity &- 1)
        count &-= 1
        return item
    }
}
