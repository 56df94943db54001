/// Which frame of a capture: its number in its file, from 1 as in Wireshark, and the file if there are several.
package struct FrameNumber: Sendable, Hashable, ExpressibleByIntegerLiteral, CustomStringConvertible {
    /// The most files that a capture can consist of.
    package static let mostFiles = 65_535
    private static let numberBits: UInt64 = 48
    private var bits: UInt64

    /// Makes the number of a frame; `file` counts from 1 where there are several, and is 0 where there is one.
    package init(_ number: UInt64, file: Int = 0) {
        bits = UInt64(file) << Self.numberBits | number
    }

    package init(integerLiteral number: UInt64) {
        self.init(number)
    }

    /// The number in its file.
    package var number: UInt64 { bits & (1 << Self.numberBits - 1) }

    /// The file, from 1; 0 when the capture has no other one.
    package var file: Int { Int(bits >> Self.numberBits) }

    /// The frame that follows in the same file.
    var next: FrameNumber {
        var next = self
        next.bits += 1
        return next
    }

    /// For example `812`, or `812 of file 2`.
    package var description: String { file == 0 ? "\(number)" : "\(number) of file \(file)" }
}
