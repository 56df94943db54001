import CLinuxNet
import Glibc

/// A netlink socket of the network namespace of the thread that makes it; it is used to ask, never to change.
package struct NetlinkSocket: ~Copyable {
    /// A family of netlink(7).
    package enum Family: Int32, Sendable {
        /// NETLINK_ROUTE: links, addresses, routes.
        case route = 0
        /// NETLINK_NETFILTER: nf_tables and connection tracking; the kernel asks for CAP_NET_ADMIN.
        case netfilter = 12
    }

    /// Whether one object is asked for or all.
    package enum Scope: UInt16, Sendable {
        /// NLM_F_REQUEST.
        case one = 0x1
        /// NLM_F_REQUEST and NLM_F_DUMP.
        case all = 0x301
    }

    private static let errorType: UInt16 = 2
    private static let doneType: UInt16 = 3
    private static let headerLength = 16

    private let descriptor: OwnedDescriptor
    private var sequence: UInt32 = 0
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)
    private var budget: Int
    private let deadline: Int64

    /// Opens a socket that gives up at a monotonic instant, and after that many octets in all.
    package init(_ family: Family, deadline: Int64, maximumBytes: Int) throws(NetError) {
        descriptor = OwnedDescriptor(
            adopting: Int32(try SystemCall.run("open netlink") { clinuxnet_netlink(family.rawValue) })
        )
        self.deadline = deadline
        budget = maximumBytes
    }

    /// Sends a request and hands each message of its answer, without the header, to `body`.
    ///
    /// Layout of the header: length, type, flags, sequence, port, in the machine's byte order (linux/netlink.h).
    ///
    /// - Throws: what the kernel answers, ETIMEDOUT at the deadline, EFBIG beyond the size.
    package mutating func ask(
        type: UInt16,
        _ scope: Scope,
        payload: [UInt8],
        _ body: (ArraySlice<UInt8>) -> Void
    ) throws(NetError) {
        sequence += 1
        var request = NetlinkBytes()
        request.append(UInt32(Self.headerLength + payload.count))
        request.append(type)
        request.append(scope.rawValue)
        request.append(sequence)
        request.append(UInt32(0))
        let bytes = request.bytes + payload
        let fd = descriptor.rawValue
        try SystemCall.run("ask netlink") { clinuxnet_write(fd, bytes, bytes.count) }
        while try !receive(scope, body) {}
    }

    /// Reads one datagram of answers; true when the answer is complete.
    private mutating func receive(_ scope: Scope, _ body: (ArraySlice<UInt8>) -> Void) throws(NetError) -> Bool {
        let left = deadline - Clock.monotonicNanoseconds()
        let fd = descriptor.rawValue
        let fired = left > 0 ? SystemCall.repeating { clinuxnet_poll(fd, Int32(CLINUXNET_READABLE), left) } : 0
        guard fired != 0 else { throw NetError(operation: "read netlink", code: ETIMEDOUT) }
        let count = try SystemCall.run("read netlink") { clinuxnet_read(fd, &buffer, buffer.count) }
        budget -= count
        guard budget >= 0 else { throw NetError(operation: "read netlink", code: EFBIG) }
        var rest = buffer[..<count]
        while rest.count >= Self.headerLength {
            let length = Int(NetlinkBytes.word(rest, at: 0))
            let type = NetlinkBytes.half(rest, at: 4)
            guard length >= Self.headerLength, length <= rest.count else { break }
            let isOurs = NetlinkBytes.word(rest, at: 8) == sequence
            let payload = rest[(rest.startIndex + Self.headerLength)..<(rest.startIndex + length)]
            if isOurs, type == Self.doneType || type == Self.errorType {
                let code = payload.count >= 4 ? Int32(bitPattern: NetlinkBytes.word(payload, at: 0)) : 0
                if code < 0 { throw NetError(operation: "read netlink", code: -code) }
                return true
            }
            if isOurs { body(payload) }
            if isOurs, scope == .one { return true }
            rest = rest.dropFirst((length + 3) & ~3)
        }
        return false
    }
}
