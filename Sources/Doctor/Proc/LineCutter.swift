/// Cuts a byte stream into lines, whatever the borders of its pieces, and drops lines beyond a length.
///
/// It holds one line at most, so that tables of any size are read in bounded memory.
package struct LineCutter: Sendable {
    /// Octets that a line may have.
    package static let maximumLineLength = 8_192

    private var pending: [UInt8] = []
    private var isOverlong = false
    /// Lines that were longer than the limit and were dropped.
    package private(set) var overlongLines = 0

    /// Starts at the beginning of a line.
    package init() {}

    /// Takes the next piece and hands each line that it ends to `body`, without the line feed.
    package mutating func feed(_ piece: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>) -> Void) {
        var rest = piece
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = rest[..<end]
            if pending.isEmpty, !isOverlong, line.count <= Self.maximumLineLength {
                body(line)
            } else {
                append(line)
                endLine(body)
            }
            rest = rest[(end + 1)...]
        }
        append(rest)
    }

    /// Hands over what stands after the last line feed.
    package mutating func finish(_ body: (ArraySlice<UInt8>) -> Void) {
        if !pending.isEmpty || isOverlong { endLine(body) }
    }

    private mutating func append(_ bytes: ArraySlice<UInt8>) {
        if pending.count + bytes.count > Self.maximumLineLength {
            isOverlong = true
            pending.removeAll(keepingCapacity: true)
        } else if !isOverlong {
            pending += bytes
        }
    }

    private mutating func endLine(_ body: (ArraySlice<UInt8>) -> Void) {
        if isOverlong {
            overlongLines += 1
        } else {
            body(pending[...])
        }
        pending.removeAll(keepingCapacity: true)
        isOverlong = false
    }
}
