import LinuxNet

/// One lookup under way, with its sockets and the queries that it waits for.
struct LookupSlot: BitwiseCopyable {
    /// One socket.
    struct Socket: BitwiseCopyable {
        enum Kind: UInt8, BitwiseCopyable {
            case none
            case datagrams
            case connecting
            case stream
        }

        var kind = Kind.none
        var descriptor: Int32 = -1
        /// Tells it apart from others that had the same number.
        var generation: UInt32 = 0
        var server: UInt8 = 0
        /// TCP: when the connection was begun.
        var begun: Int64 = 0
        /// TCP: octets read of the frame that is coming in, its length included.
        var filled: Int32 = 0
    }

    /// One query that is waited for, or was.
    struct Query: BitwiseCopyable {
        enum State: UInt8, BitwiseCopyable {
            /// None.
            case none
            /// It waits for its connection.
            case queued
            /// It was sent.
            case waiting
            /// It was given up; an answer is late.
            case over
        }

        var state = State.none
        var socket: UInt8 = 0
        var step: UInt8 = 0
        var query: UInt32 = 0
        var intended: Int64 = 0
        var sent: Int64 = 0
    }

    /// Places for queries: four of each type, by server over UDP and the last over TCP.
    static let places = 8

    var machine: LookupMachine
    var isActive = false
    var name: UInt32 = 0
    var number: UInt32 = 0
    var intended: Int64 = 0
    var begun: Int64 = 0
    var queryCount: Int32 = 0
    var nameCount: Int32 = 0
    /// The step whose queries were sent last.
    var lastStep: UInt8 = 255
    var sockets: [4 of Socket] = .init(repeating: Socket())
    var queries: [8 of Query] = .init(repeating: Query())
    var ids: [2 of UInt16] = .init(repeating: 0)
    /// Sockets that turned out to be of no use while actions were carried out.
    var failures: [4 of LookupFailure?] = .init(repeating: nil)
}

/// Lookups that are free to be used: a stack in memory that is taken once.
struct LookupPool: ~Copyable {
    private let free: UnsafeMutablePointer<Int32>
    private(set) var freeCount: Int
    let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
        freeCount = capacity
        free = .allocate(capacity: max(1, capacity))
        for index in 0..<capacity { free[index] = Int32(capacity - 1 - index) }
    }

    deinit { free.deallocate() }

    /// How many lookups are under way.
    var activeCount: Int { capacity - freeCount }

    mutating func take() -> Int? {
        guard freeCount > 0 else { return nil }
        freeCount -= 1
        return Int(free[freeCount])
    }

    mutating func giveBack(_ index: Int) {
        free[freeCount] = Int32(index)
        freeCount += 1
    }
}
