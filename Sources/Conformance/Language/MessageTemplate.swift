/// A DNS message in which every bit can be set; text fields may hold `{{variables}}`.
package struct MessageTemplate: Sendable, Hashable {
    /// A question; `wire` is the name in hex where presentation format cannot say it.
    package struct QuestionTemplate: Sendable, Hashable {
        package var name: String
        package var wire: String?
        package var type: String
        package var `class`: String
    }

    /// An OPT record, field by field.
    package struct EDNSTemplate: Sendable, Hashable {
        /// An option of the record; `data` is hex.
        package struct Option: Sendable, Hashable {
            package var code: UInt16
            package var data: String
        }

        package var size: UInt16 = 1232
        package var version: UInt8 = 0
        package var extendedRCode: UInt8 = 0
        /// The 16 flag bits; DO is 0x8000.
        package var flags: UInt16 = 0
        package var options: [Option] = []
        /// The owner name in hex, root by default.
        package var owner = "00"
        /// RDLENGTH when it shall lie.
        package var dataLength: UInt16?
        /// Octets to which a padding option brings the message (RFC 7830).
        package var padding: Int?
    }

    /// The message's id; nil for a random one.
    package var id: UInt16?
    /// The second 16 bits of the header.
    package var flags: UInt16 = 0x0100
    package var questions: [QuestionTemplate] = []
    /// Section octets after the questions, in hex.
    package var answer = ""
    package var authority = ""
    package var additional = ""
    package var edns: EDNSTemplate?
    /// Counts when they differ from what the sections hold.
    package var questionCount: UInt16?
    package var answerCount: UInt16?
    package var authorityCount: UInt16?
    package var additionalCount: UInt16?
    /// Octets after the message, in hex.
    package var trailing = ""
    /// Sends only so many octets.
    package var cut: Int?
    /// The whole message in hex, with `{{id}}`; replaces all the other fields.
    package var raw: String?
}
