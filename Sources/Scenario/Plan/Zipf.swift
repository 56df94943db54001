internal import Glibc

/// Zipf's law: popularity falls with a power of the rank.
enum Zipf {
    /// The weight of a rank, counted from 1; the first rank weighs 1.
    static func weight(rank: Int, exponent: Double) -> Double { pow(Double(rank), -exponent) }
}
