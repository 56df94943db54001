/// The first question of a message, compared in place and without allocation.
package enum QuestionView {
    /// The offset behind the first question, or nil when there is none, or its name is compressed or damaged.
    @inlinable package static func end(of bytes: Span<UInt8>) -> Int? {
        guard bytes.count > 12, bytes.bigEndianUInt16(at: 4) > 0 else { return nil }
        var index = 12
        while index < bytes.count {
            let length = Int(bytes[index])
            guard length > 0 else {
                let end = index + 5
                return end <= bytes.count ? end : nil
            }
            guard length < 64, index - 12 + length + 2 <= 255 else { return nil }
            index += 1 + length
        }
        return nil
    }

    /// True when both messages have one question and it is the same: name without regard to case, type and class.
    @inlinable package static func isSame(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard let leftEnd = end(of: left), let rightEnd = end(of: right), leftEnd == rightEnd,
            left.bigEndianUInt16(at: 4) == 1, right.bigEndianUInt16(at: 4) == 1
        else { return false }
        for index in 12..<(leftEnd - 4) where asciiLowercase(left[index]) != asciiLowercase(right[index]) {
            return false
        }
        for index in (leftEnd - 4)..<leftEnd where left[index] != right[index] {
            return false
        }
        return true
    }
}
