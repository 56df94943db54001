/// A query that a state machine wants sent.
struct LookupSend: BitwiseCopyable, Equatable {
    /// Why it is sent.
    enum Cause: UInt8, BitwiseCopyable {
        /// The first of its type for this name.
        case first
        /// A copy for a further server, at the same time (musl).
        case copy
        /// Again to a server that was asked before.
        case again
        /// To another server, because the one before was of no use.
        case otherServer
        /// Over TCP, because the answer over UDP was truncated.
        case truncated
    }

    var family: LookupFamily
    /// Which of the names on the way is asked for.
    var step: UInt8
    var socket: UInt8
    var server: UInt8
    var cause: Cause
}

/// What a state machine wants done.
enum LookupAction: BitwiseCopyable, Equatable {
    /// A new UDP socket; of glibc and Go connected to the server, of musl not.
    case open(socket: UInt8, server: UInt8)
    /// A new TCP connection; queries that follow are sent when it stands.
    case connect(socket: UInt8, server: UInt8)
    /// One query.
    case send(LookupSend)
    /// The socket is no longer listened to; it may already be closed.
    case close(socket: UInt8)
    /// The lookup has ended; all its sockets are closed.
    case done(LookupOutcome)
}

/// The actions of one step of a state machine, in order; fixed memory.
struct LookupActions: BitwiseCopyable {
    /// musl: 3 sockets closed, 1 opened, 6 queries sent.
    static let capacity = 24

    private var items: [24 of LookupAction] = .init(repeating: .close(socket: 0))
    private(set) var count = 0

    subscript(index: Int) -> LookupAction {
        precondition(index < count, "no such action")
        return items[index]
    }

    mutating func append(_ action: LookupAction) {
        precondition(count < LookupActions.capacity, "a resolver does at most \(LookupActions.capacity) things at once")
        items[count] = action
        count += 1
    }

    mutating func removeAll() { count = 0 }
}

/// What a state machine is told.
enum LookupEvent: BitwiseCopyable {
    /// An answer with our id and question came in on a socket.
    case answered(socket: UInt8, family: LookupFamily, server: UInt8, LookupAnswer)
    /// A socket could not be opened, connected or written to, or was closed by the peer.
    case failed(socket: UInt8, LookupFailure)
    /// The deadline has passed.
    case elapsed
}

/// Why a socket is of no more use.
enum LookupFailure: UInt8, BitwiseCopyable {
    /// Nobody listens there.
    case refused
    /// The connection was reset (ECONNRESET).
    case reset
    /// The peer ended the connection.
    case closed
    /// The kernel would not have it.
    case impossible
}
