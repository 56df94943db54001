internal import DNSWire

/// Octets written as hex, and names as octets.
package enum WireText {
    /// The octets of a hex text; blanks are ignored; nil when it is not hex of whole octets.
    package static func octets(_ text: String) -> [UInt8]? {
        var octets: [UInt8] = []
        var high: UInt8?
        for character in text where !character.isWhitespace {
            guard let digit = character.hexDigitValue else { return nil }
            if let first = high {
                octets.append(first << 4 | UInt8(digit))
                high = nil
            } else {
                high = UInt8(digit)
            }
        }
        return high == nil ? octets : nil
    }

    /// Octets as lower-case hex.
    package static func hex(_ octets: some Sequence<UInt8>) -> String {
        var text = ""
        for octet in octets {
            let digits = String(octet, radix: 16)
            text += digits.count == 1 ? "0\(digits)" : digits
        }
        return text
    }

    /// The uncompressed octets of a name in presentation format, as hex; nil when it is no name.
    static func hex(ofName text: String) -> String? {
        guard let name = try? DNSName(text) else { return nil }
        return hex(name.wire)
    }
}
