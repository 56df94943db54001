/// Why a message cannot be put on the wire.
package enum EncodeError: Error, Equatable, Sendable, CustomStringConvertible {
    /// It would need more octets than the given limit.
    case tooLong(limit: Int)
    /// A section has more than 65,535 entries.
    case tooManyRecords
    /// RDATA, a character string or an option exceeds its length field.
    case dataTooLong(RecordType)

    /// One sentence for a person.
    package var description: String {
        switch self {
        case .tooLong(let limit): "the message does not fit into \(limit) octets"
        case .tooManyRecords: "a section has more than 65535 records"
        case .dataTooLong(let type): "\(type) data exceeds its length field"
        }
    }
}
