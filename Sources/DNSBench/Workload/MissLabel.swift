/// The label that makes a name new: `m` and 13 characters of base 32, 64 bits in all.
enum MissLabel {
    /// Characters of the label, without its length octet.
    static let length = 14
    /// Octets that it adds to a name.
    static let octets = 15

    /// Writes the label's characters.
    @inline(__always)
    static func write(_ value: UInt64, to characters: UnsafeMutablePointer<UInt8>) {
        characters[0] = UInt8(ascii: "m")
        for index in 0..<13 { characters[index + 1] = character(UInt8(truncatingIfNeeded: value >> (5 * index)) & 31) }
    }

    /// Whether characters are those of a value, in whatever case (RFC 4343).
    @inline(__always)
    static func isSame(_ value: UInt64, _ characters: UnsafePointer<UInt8>) -> Bool {
        guard characters[0] | 0x20 == UInt8(ascii: "m") else { return false }
        for index in 0..<13 {
            let wanted = character(UInt8(truncatingIfNeeded: value >> (5 * index)) & 31)
            guard characters[index + 1] == wanted || characters[index + 1] | 0x20 == wanted else { return false }
        }
        return true
    }

    /// `a` … `z`, then `2` … `7` (RFC 4648 section 6), in lower case.
    @inline(__always)
    private static func character(_ five: UInt8) -> UInt8 { five < 26 ? five + 0x61 : five + 0x18 }
}

/// Draws which of a lane's queries get a name of their own, and that name's label; allocates nothing.
struct MissDraw {
    private let base: UInt32
    private let threshold: UInt64
    private let lane: UInt64
    private var state: UInt64
    private var count: UInt64 = 0

    /// The draw of one lane: `share` of the queries, each label once over all lanes.
    init(slab: QuerySlab, share: Double, seed: UInt64, lane: Int) {
        base = slab.missBase
        threshold = share >= 1 ? .max : UInt64(share * 0x1p64)
        self.lane = UInt64(lane)
        // Lanes draw apart, and labels of one seed are those of another nowhere.
        state = MissDraw.mix(seed ^ 0x6d15_5e5) &+ UInt64(lane) &* 0x9e37_79b9_7f4a_7c15
        key = MissDraw.mix(seed &+ 0x1abe1)
    }

    private let key: UInt64

    /// The query, or its variant with a label.
    @inline(__always)
    mutating func pick(_ query: UInt32) -> UInt32 {
        guard base != .max else { return query }
        state &+= 0x9e37_79b9_7f4a_7c15
        return MissDraw.mix(state) < threshold ? query &+ base : query
    }

    /// The next label's value.
    @inline(__always)
    mutating func nextValue() -> UInt64 {
        count &+= 1
        // The mix is a permutation, so that different numbers stay different.
        return MissDraw.mix((lane << 48 | count) ^ key)
    }

    /// SplitMix64's finaliser (Steele, Lea, Flood, OOPSLA 2014).
    @inline(__always)
    private static func mix(_ value: UInt64) -> UInt64 {
        var value = value
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
