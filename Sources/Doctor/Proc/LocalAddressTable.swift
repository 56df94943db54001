package import DNSWire

/// The addresses for which the kernel accepts packets, from `/proc/net/fib_trie` and `/proc/net/if_inet6`.
///
///     Local:
///       +-- 0.0.0.0/0 2 0 2
///          |-- 169.254.20.10
///             /32 host LOCAL
///
/// A leaf is followed by one line for each route; type `LOCAL` makes it an address of the node, or a range of them
/// (Linux `net/ipv4/fib_trie.c`). In `if_inet6` each line begins with 32 hexadecimal digits.
package struct LocalAddressTable: ProcTable {
    /// The local routes found: single addresses, and prefixes such as 127.0.0.0/8.
    package private(set) var prefixes: Set<Prefix> = []
    package var malformedLines = 0
    private var leaf: IPAddress?

    /// An empty table.
    package init() {}

    /// A range of addresses.
    package struct Prefix: Sendable, Hashable {
        /// The first address of the range.
        package let address: IPAddress
        /// Leading bits that all addresses of the range share.
        package let length: Int

        /// True when the address is in the range.
        package func contains(_ other: IPAddress) -> Bool {
            let (left, right) = (address.bytes, other.bytes)
            guard left.count == right.count, length >= 0, length <= 8 * left.count else { return false }
            let (whole, rest) = (length / 8, length % 8)
            guard left[..<whole] == right[..<whole] else { return false }
            return rest == 0 || (left[whole] ^ right[whole]) >> (8 - rest) == 0
        }
    }

    /// True when the kernel accepts packets for this address.
    package func contains(_ address: IPAddress) -> Bool {
        prefixes.contains { $0.contains(address) }
    }

    package mutating func add(line: ArraySlice<UInt8>) {
        let words = ProcWords.split(line)
        guard let first = words.first else { return }
        if first.elementsEqual("+--".utf8) { return }
        if first.elementsEqual("|--".utf8) {
            leaf = words.count == 2 ? IPAddress(ProcWords.text(words[1])) : nil
            if leaf == nil { malformedLines += 1 }
        } else if first.first == UInt8(ascii: "/") {
            guard let leaf, words.count >= 3, let length: UInt8 = ProcWords.decimal(first.dropFirst()) else {
                malformedLines += 1
                return
            }
            if words[2].elementsEqual("LOCAL".utf8) {
                prefixes.insert(Prefix(address: leaf, length: Int(length)))
            }
        } else if words.count == 1 || first.elementsEqual("Id".utf8) {
            leaf = nil
            if line.last != UInt8(ascii: ":") { malformedLines += 1 }
        } else if words.count >= 6, first.count == 32, let address = Self.ipv6(first) {
            prefixes.insert(Prefix(address: address, length: 128))
        } else {
            malformedLines += 1
        }
    }

    private static func ipv6(_ digits: ArraySlice<UInt8>) -> IPAddress? {
        let middle = digits.startIndex + 16
        guard let high: UInt64 = ProcWords.hexadecimal(digits[..<middle]),
            let low: UInt64 = ProcWords.hexadecimal(digits[middle...])
        else { return nil }
        return .v6(high, low)
    }
}
