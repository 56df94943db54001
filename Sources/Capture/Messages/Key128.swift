/// A hash of 128 bits that stands for what was hashed: with a secret seed nobody can make two things share one.
struct Key128: Hashable {
    var high: UInt64
    var low: UInt64

    static let zero = Key128(high: 0, low: 0)
}

/// Secret words that every hash of one capture starts from, so that packets cannot be made to collide.
struct HashSeed {
    let first: UInt64
    let second: UInt64

    /// A seed that nobody knows.
    static func random() -> HashSeed {
        var generator = SystemRandomNumberGenerator()
        return HashSeed(first: generator.next() | 1, second: generator.next() | 1)
    }

    /// Folds the whole product of two words into one word.
    @inline(__always)
    static func fold(_ one: UInt64, _ other: UInt64) -> UInt64 {
        let product = one.multipliedFullWidth(by: other)
        return product.high ^ product.low
    }
}
