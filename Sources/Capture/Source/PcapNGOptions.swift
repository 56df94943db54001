/// Walks through the options at the end of a block of pcapng.
struct PcapNGOptions {
    /// One option: its code, and where in the block's body its value is.
    struct Option {
        let code: UInt16
        let range: Range<Int>
    }

    private let isSwapped: Bool
    private var offset: Int
    /// The options run past the end of their block.
    private(set) var isBroken = false

    /// Begins at `offset` of a block's body.
    init(at offset: Int, isSwapped: Bool) {
        self.offset = offset
        self.isSwapped = isSwapped
    }

    /// The next option; nil behind the last one, and where they are broken.
    mutating func next(in body: RawSpan) -> Option? {
        guard offset < body.byteCount else { return nil }
        guard offset + 4 <= body.byteCount else {
            isBroken = true
            return nil
        }
        let code = ordered(body.uint16(offset))
        let length = Int(ordered(body.uint16(offset + 2)))
        guard code != 0 else { return nil }
        let start = offset + 4
        guard length <= body.byteCount - start else {
            isBroken = true
            return nil
        }
        offset = start + (length + 3) / 4 * 4
        return Option(code: code, range: start..<(start + length))
    }

    private func ordered(_ value: UInt16) -> UInt16 {
        isSwapped ? value.byteSwapped : value
    }
}
