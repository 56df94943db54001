extension MessageMutation {
    /// The changed answer; nil when there is nothing in it that the mutation could change.
    func apply(to octets: [UInt8]) -> [UInt8]? {
        guard octets.count >= 12 else { return nil }
        var changed = octets
        switch self {
        case .headerBit(let bit): changed.flip(bit)
        case .count(let index, let change):
            let value = octets.word(at: 4 + 2 * index)
            guard change != .minusOne || value > 0 else { return nil }
            changed.put(change == .plusOne ? value &+ 1 : change == .minusOne ? value - 1 : .max, at: 4 + 2 * index)
        case .cut(let size):
            guard size < octets.count else { return nil }
            changed = Array(octets[..<size])
        case .trailing: changed += [0xAB, 0xCD]
        case .delivery: return octets
        default:
            guard let layout = MessageLayout(octets) else { return nil }
            switch self {
            case .question(let change): changed = Self.change(change, layout.question, in: octets) ?? octets
            case .record(let section, let place, let change):
                let records = layout.records(of: section)
                guard place < records.count else { return nil }
                changed = Self.change(change, records[place...], of: section, in: octets) ?? octets
            case .ttl(let section, let change):
                for record in layout.records(of: section) { Self.change(change, record, in: &changed) }
            default: changed = changeEDNS(layout.opt, in: octets) ?? octets
            }
        }
        return changed == octets ? nil : changed
    }

    private func changeEDNS(_ opt: MessageLayout.Record?, in octets: [UInt8]) -> [UInt8]? {
        var changed = octets
        if case .rcode(let value) = self {
            changed[3] = octets[3] & 0xF0 | UInt8(value & 0xF)
            if let opt { changed[opt.fixed + 4] = UInt8(value >> 4) } else if value > 0xF { return nil }
            return changed
        }
        guard let opt else { return nil }
        switch self {
        case .optBit(let bit): changed.flip(opt.range.lowerBound * 8 + bit)
        case .sizeBitSometimes(let bit): changed.flip((opt.fixed + 2) * 8 + bit)
        case .optionAdded(let code):
            changed.insert(contentsOf: [UInt8(code >> 8), UInt8(code & 0xFF), 0, 2, 0, 0x78], at: opt.range.upperBound)
            changed.put(octets.word(at: opt.fixed + 8) + 6, at: opt.fixed + 8)
        case .opt(.dropped):
            changed.removeSubrange(opt.range)
            changed.put(octets.word(at: 10) - 1, at: 10)
        case .opt(.doubled):
            changed.insert(contentsOf: octets[opt.range], at: opt.range.upperBound)
            changed.put(octets.word(at: 10) + 1, at: 10)
        case .opt(.named): changed.insert(contentsOf: [1, 0x61], at: opt.range.lowerBound)
        case .opt(.misplaced):
            // The last record of all is the first of the authority section when no other section follows.
            guard octets.word(at: 8) == 0, octets.word(at: 10) == 1 else { return nil }
            changed.put(1, at: 8)
            changed.put(0, at: 10)
        default: return nil
        }
        return changed
    }

    private static func change(_ kind: QuestionChange, _ question: Range<Int>, in octets: [UInt8]) -> [UInt8]? {
        guard question.count > 4 else { return nil }
        var changed = octets
        switch kind {
        case .dropped:
            changed.removeSubrange(question)
            changed.put(0, at: 4)
        case .doubled:
            changed.insert(contentsOf: octets[question], at: question.upperBound)
            changed.put(2, at: 4)
        case .otherCase:
            guard let letter = question.first(where: { (0x61...0x7A).contains(octets[$0]) }) else { return nil }
            changed[letter] ^= 0x20
        case .otherName:
            guard octets[question.lowerBound] > 0 else { return nil }
            changed.replaceLetter(at: question.lowerBound + 1)
        case .otherType: changed[question.upperBound - 3] ^= 0x10
        case .otherClass: changed[question.upperBound - 1] ^= 0x02
        }
        return changed
    }

    private static func change(
        _ kind: RecordChange,
        _ records: ArraySlice<MessageLayout.Record>,
        of section: Section,
        in octets: [UInt8]
    ) -> [UInt8]? {
        guard let record = records.first else { return nil }
        let count = 4 + 2 * section.rawValue
        var changed = octets
        switch kind {
        case .dropped:
            changed.removeSubrange(record.range)
            changed.put(octets.word(at: count) - 1, at: count)
        case .doubled:
            changed.insert(contentsOf: octets[record.range], at: record.range.upperBound)
            changed.put(octets.word(at: count) + 1, at: count)
        case .reordered:
            guard let next = records.dropFirst().first else { return nil }
            changed.replaceSubrange(
                record.range.lowerBound..<next.range.upperBound,
                with: octets[next.range] + octets[record.range]
            )
        case .otherName:
            guard (1..<64).contains(octets[record.range.lowerBound]) else { return nil }
            changed.replaceLetter(at: record.range.lowerBound + 1)
        case .otherType: changed[record.fixed + 1] ^= 0x40
        case .otherClass: changed[record.fixed + 3] ^= 0x02
        case .otherLength: changed[record.fixed + 9] ^= 0x01
        case .otherData:
            guard record.range.upperBound > record.fixed + 10 else { return nil }
            changed[record.range.upperBound - 1] ^= 0x55
        }
        return changed
    }

    private static func change(_ kind: TTLChange, _ record: MessageLayout.Record, in octets: inout [UInt8]) {
        let place = record.fixed + 4
        let old = UInt32(octets.word(at: place)) << 16 | UInt32(octets.word(at: place + 2))
        let new: UInt32 =
            switch kind {
            case .zero: 0
            case .plusOne: old &+ 1
            case .minusOne: old == 0 ? 0 : old - 1
            case .doubled: old &* 2
            case .halved: old / 2
            case .topBit: old | 0x8000_0000
            }
        octets.put(UInt16(new >> 16), at: place)
        octets.put(UInt16(new & 0xFFFF), at: place + 2)
    }
}

extension [UInt8] {
    fileprivate func word(at offset: Int) -> UInt16 { UInt16(self[offset]) << 8 | UInt16(self[offset + 1]) }

    fileprivate mutating func put(_ value: UInt16, at offset: Int) {
        self[offset] = UInt8(value >> 8)
        self[offset + 1] = UInt8(value & 0xFF)
    }

    /// Turns one bit, counted from the first on the wire.
    fileprivate mutating func flip(_ bit: Int) { self[bit / 8] ^= 0x80 >> UInt8(bit % 8) }

    fileprivate mutating func replaceLetter(at offset: Int) { self[offset] = self[offset] == 0x71 ? 0x7A : 0x71 }
}

/// Where the parts of a whole message are.
struct MessageLayout {
    /// One record of any section.
    struct Record {
        var range: Range<Int>
        /// Offset of the record's type.
        var fixed: Int
    }

    private(set) var question = 12..<12
    private(set) var opt: Record?
    private var sections: [[Record]] = []

    /// Finds them; nil for a message that is not whole.
    init?(_ octets: [UInt8]) {
        guard octets.count >= 12 else { return nil }
        var offset = 12
        for _ in 0..<octets.word(at: 4) {
            guard let end = Self.nameEnd(octets, offset), end + 4 <= octets.count else { return nil }
            offset = end + 4
        }
        question = 12..<offset
        for section in 1...3 {
            var records: [Record] = []
            for _ in 0..<octets.word(at: 4 + 2 * section) {
                guard let fixed = Self.nameEnd(octets, offset), fixed + 10 <= octets.count else { return nil }
                let end = fixed + 10 + Int(octets.word(at: fixed + 8))
                guard end <= octets.count else { return nil }
                let record = Record(range: offset..<end, fixed: fixed)
                if section == 3, octets.word(at: fixed) == 41 { opt = record } else { records.append(record) }
                offset = end
            }
            sections.append(records)
        }
    }

    /// The records of a section without OPT.
    func records(of section: MessageMutation.Section) -> [Record] { sections[section.rawValue - 1] }

    private static func nameEnd(_ octets: [UInt8], _ start: Int) -> Int? {
        var offset = start
        while offset < octets.count {
            let length = Int(octets[offset])
            if length == 0 { return offset + 1 }
            if length >= 0xC0 { return offset + 2 }
            offset += length + 1
        }
        return nil
    }
}
