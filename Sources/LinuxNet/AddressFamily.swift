import CLinuxNet
package import DNSWire

/// The protocol family of a socket.
package enum AddressFamily: Int32, Sendable, Hashable {
    /// Internet Protocol version 4.
    case ipv4 = 4
    /// Internet Protocol version 6.
    case ipv6 = 6
}

extension IPAddress {
    /// The family a socket needs to reach this address.
    package var family: AddressFamily {
        switch self {
        case .v4: .ipv4
        case .v6: .ipv6
        }
    }
}

extension AddressFamily {
    /// The address that stands for all local addresses (0.0.0.0 or ::).
    package var anyAddress: IPAddress {
        switch self {
        case .ipv4: .v4(0)
        case .ipv6: .v6(0, 0)
        }
    }

    /// The loopback address (127.0.0.1 or ::1).
    package var loopbackAddress: IPAddress {
        switch self {
        case .ipv4: .v4(0x7f00_0001)
        case .ipv6: .v6(0, 1)
        }
    }
}

extension clinuxnet_address {
    /// Marshals an endpoint for the shim.
    init(_ endpoint: Endpoint) {
        self.init(endpoint.address, port: endpoint.port)
    }

    /// Marshals an address and port for the shim.
    init(_ address: IPAddress, port: UInt16) {
        switch address {
        case .v4(let value): self.init(high: 0, low: UInt64(value), scope: 0, port: port, family: 4)
        case .v6(let high, let low): self.init(high: high, low: low, scope: 0, port: port, family: 6)
        }
    }

    /// The endpoint the kernel filled in; `nil` when it gave none.
    var endpoint: Endpoint? {
        guard let ip = ipAddress else { return nil }
        return Endpoint(address: ip, port: port)
    }

    /// The address the kernel filled in; `nil` when it gave none.
    var ipAddress: IPAddress? {
        switch family {
        case 4: .v4(UInt32(truncatingIfNeeded: low))
        case 6: .v6(high, low)
        default: nil
        }
    }
}
