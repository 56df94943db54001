package import DNSWire
import Glibc
package import LinuxNet

/// An interface of the node.
package struct Interface: Sendable, Hashable {
    /// The name.
    package let name: String
    /// The addresses on it.
    package var addresses: Set<IPAddress> = []

    /// An interface from parts.
    package init(_ name: String, _ addresses: Set<IPAddress> = []) {
        self.name = name
        self.addresses = addresses
    }
}

extension Interface {
    /// The interfaces of the network namespace in which the calling thread is.
    package static func all() throws(NetError) -> [Interface] {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { throw NetError(operation: "list interfaces", code: errno) }
        defer { freeifaddrs(list) }
        var found: [String: Set<IPAddress>] = [:]
        var entry = list
        while let current = entry?.pointee {
            entry = current.ifa_next
            let name = String(cString: current.ifa_name)
            var addresses = found[name, default: []]
            if let address = current.ifa_addr.flatMap(address) { addresses.insert(address) }
            found[name] = addresses
        }
        return found.map { Interface($0.key, $0.value) }.sorted { $0.name < $1.name }
    }

    private static func address(_ address: UnsafeMutablePointer<sockaddr>) -> IPAddress? {
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            // SAFETY: an address of this family is a sockaddr_in.
            address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                .v4(UInt32(bigEndian: $0.pointee.sin_addr.s_addr))
            }
        case AF_INET6:
            // SAFETY: an address of this family is a sockaddr_in6.
            address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { v6 in
                withUnsafeBytes(of: v6.pointee.sin6_addr) { IPAddress(bytes: Array($0)) }
            }
        default: nil
        }
    }
}
