/// A seeded random number generator (xoshiro256**, state filled by SplitMix64), so that a run can be repeated.
///
/// Source: Blackman and Vigna, <https://prng.di.unimi.it/xoshiro256starstar.c> and `splitmix64.c`. Not for secrets.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    @usableFromInline var s0: UInt64
    @usableFromInline var s1: UInt64
    @usableFromInline var s2: UInt64
    @usableFromInline var s3: UInt64

    /// Creates the generator of `seed`; equal seeds give equal sequences on every machine.
    package init(seed: UInt64) {
        var mix = seed
        s0 = Self.splitMix(&mix)
        s1 = Self.splitMix(&mix)
        s2 = Self.splitMix(&mix)
        s3 = Self.splitMix(&mix)
    }

    /// Creates the generator of one numbered stream of `seed`, for lanes that must not share a sequence.
    package init(seed: UInt64, stream: UInt64) {
        var mix = stream
        self.init(seed: seed ^ Self.splitMix(&mix))
    }

    /// The next 64 random bits.
    @inlinable
    package mutating func next() -> UInt64 {
        let scrambled = rotate(s1 &* 5, by: 7) &* 9
        let shifted = s1 << 17
        s2 ^= s0
        s3 ^= s1
        s1 ^= s2
        s0 ^= s3
        s2 ^= shifted
        s3 = rotate(s3, by: 45)
        return scrambled
    }

    /// A number in the half-open interval 0 ..< 1, from the upper 53 bits.
    @inlinable
    package mutating func nextUnit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    @inlinable
    func rotate(_ value: UInt64, by bits: UInt64) -> UInt64 {
        (value << bits) | (value >> (64 - bits))
    }

    private static func splitMix(_ state: inout UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
