/// Where and why octets are not a DNS message.
package struct DecodeError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The octet at which decoding stopped, from the start of the message.
    package let offset: Int
    /// What was wrong there.
    package let reason: Reason

    /// What was wrong.
    package enum Reason: Equatable, Sendable {
        /// The message ends inside this field.
        case truncated(Field)
        /// A label length with the reserved upper bits 01 or 10 (RFC 1035 section 4.1.4, RFC 6891 section 5).
        case reservedLabelType(UInt8)
        /// A compression pointer that does not point backwards, to a prior name (RFC 1035 section 4.1.4).
        case pointerNotBackwards(target: Int)
        /// What a compression pointer reaches runs into the name that holds the pointer.
        case overlappingName
        /// A name above 255 octets.
        case nameTooLong
        /// RDATA that is shorter or longer than its type asks.
        case badDataLength(type: RecordType, length: Int)
        /// A TXT record without a character string.
        case emptyText
        /// A second OPT record (RFC 6891 section 6.1.1).
        case secondOPT
        /// An OPT record outside the additional section (RFC 6891 section 6.1.1).
        case misplacedOPT
        /// An OPT record with an owner other than the root (RFC 6891 section 6.1.2).
        case namedOPT
        /// An EDNS option that runs past RDATA.
        case badOption
        /// Octets after the last record that the counts announce.
        case trailingBytes(Int)
    }

    /// The field in which the message ended.
    package enum Field: String, Sendable {
        case header, name, question
        case recordHeader = "record header"
        case recordData = "record data"
    }

    /// One sentence for a person, with the offset.
    package var description: String {
        let what =
            switch reason {
            case .truncated(let field): "the message ends inside a \(field.rawValue)"
            case .reservedLabelType(let octet): "label length octet 0x\(String(octet, radix: 16)) has a reserved type"
            case .pointerNotBackwards(let target): "compression pointer to offset \(target) does not point backwards"
            case .overlappingName: "a compression pointer reaches into its own name"
            case .nameTooLong: "a name is longer than 255 octets"
            case .badDataLength(let type, let length): "\(type) data of \(length) octets has the wrong length"
            case .emptyText: "a TXT record has no character string"
            case .secondOPT: "there is a second OPT record"
            case .misplacedOPT: "an OPT record stands outside the additional section"
            case .namedOPT: "the OPT record's owner is not the root"
            case .badOption: "an EDNS option runs past the OPT record"
            case .trailingBytes(let count): "\(count) octets follow the last record"
            }
        return "\(what) (offset \(offset))"
    }
}
