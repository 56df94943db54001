/// What a resolver looks at in an answer.
struct LookupAnswer: BitwiseCopyable, Equatable {
    /// Bits that decide how an answer is taken.
    struct Marks: OptionSet, BitwiseCopyable, Equatable {
        let rawValue: UInt8

        /// The TC bit.
        static let truncated = Marks(rawValue: 1)
        /// The AA bit.
        static let authoritative = Marks(rawValue: 2)
        /// The RA bit.
        static let recursive = Marks(rawValue: 4)
        /// At least one record in the answer section.
        static let hasAnswer = Marks(rawValue: 8)
        /// At least one record in the additional section.
        static let hasAdditional = Marks(rawValue: 16)
        /// At least one address of the type asked for.
        static let hasAddress = Marks(rawValue: 32)
    }

    static let noError: UInt8 = 0
    static let serverFailure: UInt8 = 2
    static let nameError: UInt8 = 3
    static let notImplemented: UInt8 = 4
    static let refused: UInt8 = 5

    /// The four bits of the header.
    var rcode: UInt8
    var marks: Marks

    /// NOERROR without any record from a server that neither owns the zone nor recurses: a lame referral.
    ///
    /// send_dg of resolv/res_send.c and checkHeader of src/net/dnsclient_unix.go go on to the next server.
    var isLame: Bool {
        rcode == LookupAnswer.noError
            && marks.isDisjoint(with: [.hasAnswer, .authoritative, .recursive, .hasAdditional])
    }

    /// NOERROR with a record: the search ends with it.
    var isPositive: Bool { rcode == LookupAnswer.noError && marks.contains(.hasAnswer) }
}

extension LookupAnswer {
    /// Reads a message whose header and question were found to be in order; `type` is the type asked for.
    ///
    /// What cannot be read of the answer section holds no address. Touches no memory but the message.
    init(message: UnsafeRawBufferPointer, questionEnd: Int, type: UInt16) {
        rcode = message[3] & 15
        var marks: Marks = []
        if message[2] & 0x02 != 0 { marks.insert(.truncated) }
        if message[2] & 0x04 != 0 { marks.insert(.authoritative) }
        if message[3] & 0x80 != 0 { marks.insert(.recursive) }
        let answers = Int(message[6]) << 8 | Int(message[7])
        if answers > 0 { marks.insert(.hasAnswer) }
        if message[10] | message[11] != 0 { marks.insert(.hasAdditional) }
        if answers > 0 && LookupAnswer.holds(type, in: message, from: questionEnd, records: answers) {
            marks.insert(.hasAddress)
        }
        self.marks = marks
    }

    private static func holds(_ type: UInt16, in message: UnsafeRawBufferPointer, from: Int, records: Int) -> Bool {
        let wanted = type == 1 ? 4 : 16
        var index = from
        for _ in 0..<records {
            guard let end = skipName(message, index), end + 10 <= message.count else { return false }
            let found = UInt16(message[end]) << 8 | UInt16(message[end + 1])
            let length = Int(message[end + 8]) << 8 | Int(message[end + 9])
            if found == type && length == wanted && end + 10 + length <= message.count { return true }
            index = end + 10 + length
            if index > message.count { return false }
        }
        return false
    }

    /// Where a name ends that may be compressed (RFC 1035 section 4.1.4).
    private static func skipName(_ message: UnsafeRawBufferPointer, _ start: Int) -> Int? {
        var index = start
        while index < message.count {
            let length = message[index]
            if length == 0 { return index + 1 }
            if length & 0xc0 == 0xc0 { return index + 2 <= message.count ? index + 2 : nil }
            guard length & 0xc0 == 0 else { return nil }
            index += 1 + Int(length)
        }
        return nil
    }
}
