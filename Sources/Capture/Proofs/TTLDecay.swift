/// The TTL that a hit showed, and how old the answer was then.
package struct TTLSample: Sendable, Hashable {
    /// Nanoseconds since the cache was seen to store the answer.
    package let ageNanoseconds: Int64
    /// The TTL that it was stored with, seconds.
    package let stored: UInt32
    /// The TTL that the hit showed, seconds.
    package let shown: UInt32
}

/// How the TTLs of one zone's hits went down: one sample for each second of age, in bounded memory.
struct TTLDecay: Sendable {
    /// Ages beyond are not sampled; the installation's caps are 30 s and 5 s.
    private static let seconds = 64
    private var samples: [(sample: TTLSample, isWrong: Bool)?] = Array(repeating: nil, count: seconds)

    /// The samples by age.
    var all: [TTLSample] { samples.compactMap { $0?.sample } }

    /// Takes a hit.
    ///
    /// Of one second of age the hit that is wrong is kept, else the one that was stored with most.
    mutating func add(age: Int64, stored: UInt32, shown: UInt32, isWrong: Bool) {
        let second = age / 1_000_000_000
        guard age >= 0, second < Self.seconds else { return }
        if let known = samples[Int(second)] {
            guard known.isWrong == isWrong ? stored > known.sample.stored : isWrong else { return }
        }
        samples[Int(second)] = (TTLSample(ageNanoseconds: age, stored: stored, shown: shown), isWrong)
    }
}
