/// A table of /proc that is built line by line, so that it is tested without a kernel and read in bounded memory.
package protocol ProcTable: Sendable {
    /// Takes one line without its line feed; a line that makes no sense is counted, and nothing else.
    mutating func add(line: ArraySlice<UInt8>)
    /// Lines that made no sense.
    var malformedLines: Int { get set }
}

extension ProcTable {
    /// Takes a whole text.
    package mutating func add(text: String) {
        var cutter = LineCutter()
        cutter.feed(Array(text.utf8)[...]) { add(line: $0) }
        cutter.finish { add(line: $0) }
        malformedLines += cutter.overlongLines
    }
}

/// The words of a /proc line and the numbers in them.
enum ProcWords {
    /// Splits at blanks and tabs.
    static func split(_ line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }

    /// A number in decimal digits, without sign.
    static func decimal<Number: FixedWidthInteger>(_ word: ArraySlice<UInt8>) -> Number? {
        number(word, radix: 10)
    }

    /// A number in hexadecimal digits, without sign or prefix.
    static func hexadecimal<Number: FixedWidthInteger>(_ word: ArraySlice<UInt8>) -> Number? {
        number(word, radix: 16)
    }

    /// The word as text; octets that are no UTF-8 are replaced.
    static func text(_ word: ArraySlice<UInt8>) -> String { String(decoding: word, as: UTF8.self) }

    private static func number<Number: FixedWidthInteger>(_ word: ArraySlice<UInt8>, radix: UInt8) -> Number? {
        guard !word.isEmpty else { return nil }
        var value: Number = 0
        for octet in word {
            let digit: UInt8
            switch octet {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = octet - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = octet - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = octet - UInt8(ascii: "A") + 10
            default: return nil
            }
            guard digit < radix else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: Number(radix))
            let (sum, carry) = product.addingReportingOverflow(Number(digit))
            guard !overflow, !carry else { return nil }
            value = sum
        }
        return value
    }
}
