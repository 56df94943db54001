/// Finds where DNS messages begin in a TCP stream that was joined in the middle or lost octets.
enum StreamBoundary {
    /// What a segment of unknown alignment starts with.
    enum Finding: Equatable {
        /// A length prefix stands at this offset.
        case prefix(at: Int)
        /// The segment is one whole message without its length prefix.
        case headless
        /// The segment is exactly a length prefix whose message may follow.
        case loneprefix
        case none
    }

    /// Looks for a message boundary in one segment.
    static func find(in segment: RawSpan) -> Finding {
        if isChain(segment, from: 0) { return .prefix(at: 0) }
        if segment.byteCount == 2 {
            return segment.uint16(0) >= 12 ? .loneprefix : .none
        }
        if isPlausibleMessage(segment) { return .headless }
        // A message that began before the hole may end in this segment; the rest must then be whole messages.
        var offset = 1
        while offset + 14 <= segment.byteCount {
            if Int(segment.uint16(offset)) >= 12, isChain(segment, from: offset), chainIsWhole(segment, from: offset) {
                return .prefix(at: offset)
            }
            offset += 1
        }
        return .none
    }

    /// Whether the octets are one complete, plausible message.
    static func isPlausibleMessage(_ message: RawSpan) -> Bool {
        guard let scan = MessageScan.read(message) else { return false }
        return scan.isPlausible(wholeMessage: true, length: message.byteCount)
    }

    /// Whether the beginning of a message is plausible as far as it is there.
    static func isPlausibleStart(_ message: RawSpan) -> Bool {
        guard let scan = MessageScan.readHeaderAndQuestion(message) else { return false }
        return scan.isPlausible(wholeMessage: false, length: message.byteCount)
    }

    // A run of length-prefixed messages; the last one may continue in the next segment.
    private static func isChain(_ segment: RawSpan, from start: Int) -> Bool {
        var offset = start
        while offset < segment.byteCount {
            guard offset + 2 <= segment.byteCount else { return offset > start }
            let length = Int(segment.uint16(offset))
            guard length >= 12 else { return false }
            let end = offset + 2 + length
            if end > segment.byteCount {
                let rest = segment.extracting((offset + 2)..<segment.byteCount)
                if isPlausibleStart(rest) { return true }
                // Too little of the last message is there to judge: the messages before it must speak for it.
                return offset > start && rest.byteCount < 12
            }
            guard isPlausibleMessage(segment.extracting((offset + 2)..<end)) else { return false }
            offset = end
        }
        return offset > start
    }

    private static func chainIsWhole(_ segment: RawSpan, from start: Int) -> Bool {
        var offset = start
        while offset + 2 <= segment.byteCount {
            offset += 2 + Int(segment.uint16(offset))
        }
        return offset == segment.byteCount
    }
}
