import DNSWire

/// What one DNS message says about itself, read in place without allocation (RFC 1035 section 4.1).
struct MessageScan {
    var id: UInt16 = 0
    var flags: UInt16 = 0
    var questionCount: UInt16 = 0
    var answerCount: UInt16 = 0
    var authorityCount: UInt16 = 0
    var additionalCount: UInt16 = 0
    /// Length of the question's name on the wire with its root octet; the name starts at offset 12.
    var nameLength = 0
    /// Hash of the question's name in lower case.
    var nameKey = Key128.zero
    var type: UInt16 = 0
    var `class`: UInt16 = 0
    /// Stands for lower-case name, type and class.
    var questionKey: Key128 {
        let kind = (UInt64(type) << 16 | UInt64(self.class)) &* 0x9E37_79B9_7F4A_7C15
        return Key128(high: nameKey.high ^ kind, low: nameKey.low ^ kind)
    }

    /// Lowest and highest TTL over all records but OPT; `lowest > highest` when there is none.
    var lowestTTL = UInt32.max
    var highestTTL: UInt32 = 0
    /// What the OPT records say.
    var opt = OPTScan()
    var hasOPT: Bool { opt.count > 0 }
    var dnssecOK: Bool { opt.flags & 0x8000 != 0 }
    /// All records were walked without running over the end.
    var recordsAreWhole = false
    /// First octet after the last record.
    var end = 0

    var isResponse: Bool { flags & 0x8000 != 0 }
    var opcode: UInt16 { flags >> 11 & 0x0F }
    var rcode: UInt16 { flags & 0x0F | UInt16(opt.extendedCode) << 4 }

    /// Reads header, question and records; nil when header or question cannot be read.
    static func read(_ message: RawSpan, seed: HashSeed? = nil) -> MessageScan? {
        guard var scan = readHeaderAndQuestion(message, seed: seed) else { return nil }
        scan.walkRecords(message)
        return scan
    }

    /// Reads header and first question only; nil when they are not all there or not well formed.
    static func readHeaderAndQuestion(_ message: RawSpan, seed: HashSeed? = nil) -> MessageScan? {
        guard message.byteCount >= 12 else { return nil }
        var scan = MessageScan()
        scan.id = message.uint16(0)
        scan.flags = message.uint16(2)
        scan.questionCount = message.uint16(4)
        scan.answerCount = message.uint16(6)
        scan.authorityCount = message.uint16(8)
        scan.additionalCount = message.uint16(10)
        scan.end = 12
        guard scan.questionCount > 0 else { return scan }
        guard scan.readName(message), message.byteCount >= 12 + scan.nameLength + 4 else { return nil }
        scan.type = message.uint16(12 + scan.nameLength)
        scan.class = message.uint16(14 + scan.nameLength)
        scan.end = 16 + scan.nameLength
        if let seed { scan.nameKey = Self.key(message, from: 12, to: 12 + scan.nameLength, seed: seed) }
        return scan
    }

    /// Whether this looks like DNS that a stub, a cache or a server really sends; used to find a stream's framing.
    func isPlausible(wholeMessage: Bool, length: Int) -> Bool {
        guard questionCount == 1, opcode == 0 || opcode == 4 || opcode == 5, flags & 0x40 == 0 else { return false }
        guard flags & 0x0F <= 11, isResponse || flags & 0x0F == 0 else { return false }
        guard answerCount < 4_096, authorityCount < 1_024, additionalCount < 1_024 else { return false }
        guard self.class == 1 || self.class == 3 || self.class == 4 || self.class >= 254 && self.class <= 255 else {
            return false
        }
        return !wholeMessage || recordsAreWhole && end == length
    }

    // The first question's name can point nowhere: there is no name before it. A pointer is therefore damage.
    private mutating func readName(_ message: RawSpan) -> Bool {
        var offset = 12
        while offset < message.byteCount {
            let length = Int(message.octet(offset))
            guard length < 64 else { return false }
            offset += 1 + length
            guard length == 0 else { continue }
            nameLength = offset - 12
            guard nameLength <= 255 else { return false }
            return true
        }
        return false
    }

    // Length octets lie below the letters, so that a whole name can be put in lower case eight octets at a time.
    private static func key(_ message: RawSpan, from start: Int, to end: Int, seed: HashSeed) -> Key128 {
        var high = seed.first ^ UInt64(end - start)
        var low = seed.second
        var offset = start
        while offset + 8 <= end {
            let word = lowercase(message.uint64(offset))
            high = HashSeed.fold(high ^ word, 0x9E37_79B9_7F4A_7C15)
            low = HashSeed.fold(low ^ word, 0xBF58_476D_1CE4_E5B9)
            offset += 8
        }
        var rest: UInt64 = 0
        while offset < end {
            rest = rest << 8 | UInt64(lowercase(message.octet(offset)))
            offset += 1
        }
        return Key128(
            high: HashSeed.fold(high ^ rest, 0x94D0_49BB_1331_11EB),
            low: HashSeed.fold(low ^ rest, 0xD6E8_FEB8_6659_FD93)
        )
    }

    private mutating func walkRecords(_ message: RawSpan) {
        var offset = end
        for _ in 1..<max(questionCount, 1) {
            guard let next = Self.skipName(message, at: offset), next + 4 <= message.byteCount else { return }
            offset = next + 4
        }
        let total = Int(answerCount) + Int(authorityCount) + Int(additionalCount)
        for _ in 0..<total {
            guard let fields = Self.skipName(message, at: offset), fields + 10 <= message.byteCount else { return }
            let next = fields + 10 + Int(message.uint16(fields + 8))
            guard next <= message.byteCount else { return }
            if message.uint16(fields) == 41 {
                opt.read(message, fields: fields, end: next)
            } else {
                let ttl = message.uint32(fields + 4)
                lowestTTL = min(lowestTTL, ttl)
                highestTTL = max(highestTTL, ttl)
            }
            offset = next
            end = offset
        }
        end = offset
        recordsAreWhole = true
    }

    private static func skipName(_ message: RawSpan, at start: Int) -> Int? {
        var offset = start
        while offset < message.byteCount {
            let length = message.octet(offset)
            if length == 0 { return offset + 1 }
            if length >= 192 { return offset + 2 }
            guard length < 64 else { return nil }
            offset += 1 + Int(length)
        }
        return nil
    }

    /// ASCII lower case of eight octets at once.
    @inline(__always)
    static func lowercase(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let low = word & (ones &* 0x7F)
        // The high bit of each octet tells: at least `A`, and above `Z`.
        let atLeastA = low &+ ones &* (0x80 - 0x41)
        let aboveZ = low &+ ones &* (0x80 - 0x5B)
        let isUpper = atLeastA & ~aboveZ & ~word & (ones &* 0x80)
        return word | isUpper >> 2
    }

    /// ASCII lower case; every other octet is unchanged (RFC 4343 section 3).
    @inline(__always)
    static func lowercase(_ octet: UInt8) -> UInt8 {
        octet &- 65 < 26 ? octet | 0x20 : octet
    }
}
