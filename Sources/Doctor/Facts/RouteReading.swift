import DNSWire
import Glibc
import LinuxNet

/// Where the kernel sends what is meant for an address.
package struct RouteReading: Sendable, Hashable {
    /// The type of the route (linux/rtnetlink.h, RTN_*).
    package let type: UInt8

    /// RTN_LOCAL: the packets are for the node itself.
    package var isLocal: Bool { type == 2 }

    /// A route of a type.
    package init(type: UInt8) { self.type = type }

    /// The name in ip-route(8), such as `local` or `blackhole`.
    package var name: String {
        let names = ["unspecified", "unicast", "local", "broadcast", "anycast", "multicast", "blackhole"]
        let more = ["unreachable", "prohibit", "throw", "nat"]
        return Int(type) < names.count + more.count ? (names + more)[Int(type)] : "of type \(type)"
    }
}

extension RouteReading {
    private static let getRoute: UInt16 = 26

    /// Asks the kernel for the route from the network namespace in which the calling thread is (RTM_GETROUTE).
    static func take(to address: IPAddress) throws(NetError) -> RouteReading {
        var socket = try NetlinkSocket(
            .route,
            deadline: Clock.deadline(after: 1_000_000_000),
            maximumBytes: 1 << 20
        )
        let octets = address.bytes
        var request = NetlinkBytes()
        request.append(UInt8(address.isIPv4 ? 2 : 10))
        request.append(UInt8(8 * octets.count))
        for _ in 0..<6 { request.append(UInt8(0)) }
        request.append(UInt32(0))
        request.append(attribute: 1, octets)
        var type: UInt8 = 0
        do throws(NetError) {
            try socket.ask(type: getRoute, .one, payload: request.bytes) { message in
                if message.count >= 12 { type = message[message.startIndex + 7] }
            }
        } catch {
            // For routes that lead nowhere the kernel answers with the error that a sender gets (fib_props).
            switch error.code {
            case ENETUNREACH, EHOSTUNREACH: return RouteReading(type: 7)
            case EACCES: return RouteReading(type: 8)
            case EINVAL: return RouteReading(type: 6)
            default: throw error
            }
        }
        return RouteReading(type: type)
    }
}
