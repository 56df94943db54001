/// Judges whether 16-bit numbers look as if nobody could guess the next one (RFC 5452 section 9.2).
///
/// Each bound is so wide that numbers drawn at random cross it less than once in a million lists.
enum Regularity {
    /// What is regular about `numbers`, in words; empty for numbers that look random.
    static func all(in numbers: [Int64]) -> [String] {
        guard numbers.count >= 64 else { return ["\(numbers.count) numbers are too few to judge"] }
        var found: [String] = []
        let count = Double(numbers.count)
        let repeats = numbers.count - Set(numbers).count
        if Double(repeats) > 6 + 4 * count * count / 131_072 {
            found.append("\(repeats) of \(numbers.count) repeat others")
        }
        let near = zip(numbers, numbers.dropFirst()).filter { first, second in
            let step = (second - first) & 0xFFFF
            return step != 0 && (step <= 16 || step >= 0xFFF0)
        }.count
        if Double(near) > 4 + count / 20 { found.append("\(near) of \(numbers.count) lie next to the one before") }
        for shift in stride(from: 12, through: 0, by: -4) {
            let value = chiSquare(numbers.map { Int($0 >> Int64(shift) & 0xF) })
            // 15 degrees of freedom, one list in a million.
            if value > 57.4 { found.append("bits \(shift) to \(shift + 3) are uneven, chi-square \(Int(value))") }
        }
        return found
    }

    /// Pearson's statistic of values from 0 to 15 against an even share.
    private static func chiSquare(_ values: [Int]) -> Double {
        var counts = [Double](repeating: 0, count: 16)
        for value in values { counts[value] += 1 }
        let share = Double(values.count) / 16
        return counts.reduce(0) { $0 + ($1 - share) * ($1 - share) / share }
    }
}
