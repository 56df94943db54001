/// Base64 as in RFC 4648 section 4: padded, no line breaks.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        for (value, character) in alphabet.enumerated() {
            values[Int(character)] = UInt8(value)
        }
        return values
    }()

    /// The text of `bytes`.
    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let available = min(3, bytes.count - index)
            var group = UInt32(bytes[index]) << 16
            if available > 1 { group |= UInt32(bytes[index + 1]) << 8 }
            if available > 2 { group |= UInt32(bytes[index + 2]) }
            text.append(alphabet[Int(group >> 18)])
            text.append(alphabet[Int(group >> 12 & 63)])
            text.append(available > 1 ? alphabet[Int(group >> 6 & 63)] : UInt8(ascii: "="))
            text.append(available > 2 ? alphabet[Int(group & 63)] : UInt8(ascii: "="))
            index += 3
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of `text`, or the offset of the first octet that does not belong there.
    ///
    /// Wrong alphabet, wrong length, padding in the middle and non-zero bits under the padding are all refused.
    static func decode(_ text: String) throws(InvalidOctet) -> [UInt8] {
        let characters = Array(text.utf8)
        guard characters.count % 4 == 0 else { throw InvalidOctet(offset: characters.count) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(characters.count / 4 * 3)
        var index = 0
        while index < characters.count {
            var padding = 0
            if index + 4 == characters.count {
                if characters[index + 3] == UInt8(ascii: "=") { padding = 1 }
                if padding == 1, characters[index + 2] == UInt8(ascii: "=") { padding = 2 }
            }
            var group: UInt32 = 0
            for position in index..<(index + 4 - padding) {
                let value = values[Int(characters[position])]
                guard value != 0xFF else { throw InvalidOctet(offset: position) }
                group = group << 6 | UInt32(value)
            }
            group <<= UInt32(6 * padding)
            guard group & ((1 << UInt32(8 * padding)) - 1) == 0 else { throw InvalidOctet(offset: index + 3 - padding) }
            bytes.append(UInt8(truncatingIfNeeded: group >> 16))
            if padding < 2 { bytes.append(UInt8(truncatingIfNeeded: group >> 8)) }
            if padding < 1 { bytes.append(UInt8(truncatingIfNeeded: group)) }
            index += 4
        }
        return bytes
    }

    /// Where a base64 text is damaged.
    struct InvalidOctet: Error, Equatable {
        /// Zero-based offset into the UTF-8 of the text.
        let offset: Int
    }
}
