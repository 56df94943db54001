/// An address and how many of its leading bits are fixed: `127.0.1.0/24` stands for 256 addresses (RFC 4632, RFC 4291).
package struct AddressPrefix: Hashable, Sendable, CustomStringConvertible {
    /// The first address.
    package let address: IPAddress
    /// Leading bits that all addresses share, 0 … 32 or 0 … 128.
    package let length: Int

    /// Reads `ADDRESS` or `ADDRESS/LENGTH`; `nil` when it is neither, or when bits behind the length are set.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(String(parts[0])) else { return nil }
        var length = address.bitWidth
        if parts.count == 2 {
            guard let given = Int(parts[1]), (0...length).contains(given) else { return nil }
            length = given
        }
        guard address.replacingBits(behind: length, with: 0) == address else { return nil }
        self.address = address
        self.length = length
    }

    /// How many addresses there are, at most 2^62.
    package var count: UInt64 { 1 << UInt64(min(62, address.bitWidth - length)) }

    /// The address of that number; numbers go round.
    package func address(_ number: UInt64) -> IPAddress {
        address.replacingBits(behind: length, with: number % count)
    }

    /// `ADDRESS/LENGTH`, or the address alone.
    package var description: String { length == address.bitWidth ? "\(address)" : "\(address)/\(length)" }
}

extension IPAddress {
    /// 32 or 128.
    fileprivate var bitWidth: Int {
        switch self {
        case .v4: 32
        case .v6: 128
        }
    }

    /// The address with the bits behind `length` set to `offset`.
    fileprivate func replacingBits(behind length: Int, with offset: UInt64) -> IPAddress {
        switch self {
        case .v4(let value):
            let mask: UInt32 = length == 0 ? 0 : ~0 << UInt32(32 - length)
            return .v4(value & mask | UInt32(truncatingIfNeeded: offset) & ~mask)
        case .v6(let high, let low):
            let highMask: UInt64 = length == 0 ? 0 : length >= 64 ? ~0 : ~0 << UInt64(64 - length)
            let lowMask: UInt64 = length <= 64 ? 0 : length == 128 ? ~0 : ~0 << UInt64(128 - length)
            return .v6(high & highMask, low & lowMask | offset & ~lowMask)
        }
    }
}
