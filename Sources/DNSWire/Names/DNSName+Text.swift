extension DNSName: CustomStringConvertible {
    /// Parses presentation format (RFC 1035 section 5.1): dots, `\DDD` and `\X` escapes; a final dot is optional.
    package init(_ text: String) throws(NameError) { try self.init(text: Array(text.utf8)) }

    /// Parses presentation format from octets, which need not be UTF-8.
    package init(text characters: [UInt8]) throws(NameError) {
        guard !characters.isEmpty else { throw .empty }
        guard characters != [UInt8(ascii: ".")] else {
            self = .root
            return
        }
        var labels: [[UInt8]] = []
        var label: [UInt8] = []
        var index = 0
        var endedWithDot = false
        while index < characters.count {
            let character = characters[index]
            index += 1
            endedWithDot = false
            if character == UInt8(ascii: ".") {
                labels.append(label)
                label = []
                endedWithDot = true
            } else if character == UInt8(ascii: "\\") {
                label.append(try Self.escape(characters, &index))
            } else {
                label.append(character)
            }
        }
        if !endedWithDot { labels.append(label) }
        try self.init(labels: labels)
    }

    /// Presentation format with the final dot; dots and unprintable octets are escaped as RFC 1035 section 5.1 says.
    package var description: String {
        guard !isRoot else { return "." }
        var text: [UInt8] = []
        for label in labels {
            for octet in label {
                switch octet {
                case UInt8(ascii: "."), UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "("), UInt8(ascii: ")"),
                    UInt8(ascii: ";"), UInt8(ascii: "@"), UInt8(ascii: "$"):
                    text += [UInt8(ascii: "\\"), octet]
                case 0x21...0x7E:
                    text.append(octet)
                default:
                    text.append(UInt8(ascii: "\\"))
                    text += [octet / 100, octet / 10 % 10, octet % 10].map { $0 + UInt8(ascii: "0") }
                }
            }
            text.append(UInt8(ascii: "."))
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func escape(_ characters: [UInt8], _ index: inout Int) throws(NameError) -> UInt8 {
        guard index < characters.count else { throw .badEscape }
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard digits.contains(characters[index]) else {
            defer { index += 1 }
            return characters[index]
        }
        guard index + 3 <= characters.count else { throw .badEscape }
        var value = 0
        for character in characters[index..<(index + 3)] {
            guard digits.contains(character) else { throw .badEscape }
            value = value * 10 + Int(character - UInt8(ascii: "0"))
        }
        guard value <= 255 else { throw .badEscape }
        index += 3
        return UInt8(value)
    }
}
