import DNSWire

/// One change to an answer on its way to the client.
///
/// The set is generated: every bit of header and OPT, every count, every rcode, each record dropped, doubled and moved,
/// TTLs shifted, cuts at each octet, and what the network can do to a whole datagram.
enum MessageMutation: Hashable, Sendable, CustomStringConvertible {
    /// Which field of the OPT record.
    enum OPTField: String, CaseIterable, Sendable {
        case size, extendedRCode, version, flags, dataLength

        var bits: Int { self == .extendedRCode || self == .version ? 8 : 16 }
        /// Octets between the record's type and the field.
        var offset: Int {
            switch self {
            case .size: 2
            case .extendedRCode: 4
            case .version: 5
            case .flags: 6
            case .dataLength: 8
            }
        }
    }
    /// What is done to a record.
    enum RecordChange: String, CaseIterable, Sendable {
        case dropped, doubled, moved, ownerChanged, classChanged, dataChanged
    }
    /// What is done to a TTL.
    enum TTLChange: String, CaseIterable, Sendable { case zero, plusOne, doubled, topBit }
    /// What is done to the datagram as a whole.
    enum Delivery: String, CaseIterable, Sendable { case never, twice, late, fromAnotherPort }
    enum Section: String, CaseIterable, Sendable { case answer, authority }

    case idBit(Int)
    case flagBit(Int)
    case count(Int, plus: Int)
    case rcode(UInt8)
    case record(Section, RecordChange)
    case ttl(Section, TTLChange)
    case questionDropped
    case questionCase
    case questionName
    case questionType
    case questionClass
    case optBit(OPTField, Int)
    case optDropped
    case optDoubled
    case optOption
    case optOwner
    case cut(Int)
    case trailing
    case delivery(Delivery)

    /// Every mutation; answers are cut after each of the first `cuts` octets.
    static func all(cuts: Range<Int>) -> [MessageMutation] {
        var all: [MessageMutation] = (0..<16).map { .idBit($0) }
        all += (0..<16).map { .flagBit($0) }
        all += (0..<4).flatMap { [.count($0, plus: 1), .count($0, plus: -1)] }
        all += (0..<16).map { .rcode($0) }
        all += Section.allCases.flatMap { section in RecordChange.allCases.map { .record(section, $0) } }
        // No answer has two records of authority whose order could matter.
        all.removeAll { $0 == .record(.authority, .moved) }
        all += Section.allCases.flatMap { section in TTLChange.allCases.map { .ttl(section, $0) } }
        all += [.questionDropped, .questionCase, .questionName, .questionType, .questionClass]
        all += OPTField.allCases.flatMap { field in (0..<field.bits).map { .optBit(field, $0) } }
        all += [.optDropped, .optDoubled, .optOption, .optOwner]
        all += cuts.map { .cut($0) }
        all += [.trailing]
        all += Delivery.allCases.map { .delivery($0) }
        return all
    }

    var description: String {
        switch self {
        case .idBit(let bit): "bit \(bit) of the identifier"
        case .flagBit(let bit): "bit \(bit) of the flags"
        case .count(let index, let plus): "count \(index) \(plus > 0 ? "+" : "")\(plus)"
        case .rcode(let value): "rcode \(value)"
        case .record(let section, let change): "\(section.rawValue) record \(change.rawValue)"
        case .ttl(let section, let change): "\(section.rawValue) TTL \(change.rawValue)"
        case .optBit(let field, let bit): "bit \(bit) of OPT \(field.rawValue)"
        case .cut(let size): "cut to \(size) octets"
        case .delivery(let delivery): "delivered \(delivery.rawValue)"
        case .questionDropped: "question dropped"
        case .questionCase: "letter case of the question"
        case .questionName: "name of the question"
        case .questionType: "type of the question"
        case .questionClass: "class of the question"
        case .optDropped: "OPT dropped"
        case .optDoubled: "OPT doubled"
        case .optOption: "an option added to OPT"
        case .optOwner: "owner of OPT"
        case .trailing: "octets behind the end"
        }
    }

    /// The changed answer; nil when there is nothing in it that the mutation could change.
    func apply(to octets: [UInt8]) -> [UInt8]? {
        guard octets.count >= 12 else { return nil }
        var changed = octets
        switch self {
        case .idBit(let bit): changed[1 - bit / 8] ^= 1 << UInt8(bit % 8)
        case .flagBit(let bit): changed[3 - bit / 8] ^= 1 << UInt8(bit % 8)
        case .count(let index, let plus):
            let value = UInt16(octets[4 + 2 * index]) << 8 | UInt16(octets[5 + 2 * index])
            guard plus > 0 || value > 0 else { return nil }
            let next = value &+ UInt16(bitPattern: Int16(plus))
            changed[4 + 2 * index] = UInt8(next >> 8)
            changed[5 + 2 * index] = UInt8(next & 0xFF)
        case .rcode(let value):
            guard octets[3] & 0xF != value else { return nil }
            changed[3] = octets[3] & 0xF0 | value
        case .cut(let size):
            guard size < octets.count else { return nil }
            changed = Array(octets[..<size])
        case .trailing: changed += [0xAB, 0xCD]
        case .delivery: return octets
        case .optBit, .optDropped, .optDoubled, .optOption, .optOwner:
            guard let place = WirePlaces(octets)?.opt else { return nil }
            return change(opt: place, in: octets)
        case .record, .ttl, .questionDropped, .questionCase, .questionName, .questionType, .questionClass:
            guard let places = WirePlaces(octets) else { return nil }
            return change(places, in: octets)
        }
        return changed
    }

    private func change(opt place: Range<Int>, in octets: [UInt8]) -> [UInt8]? {
        var changed = octets
        switch self {
        case .optBit(let field, let bit):
            let last = place.lowerBound + 1 + field.offset + field.bits / 8 - 1
            changed[last - bit / 8] ^= 1 << UInt8(bit % 8)
        case .optDropped:
            changed.removeSubrange(place)
            changed[11] &-= 1
        case .optDoubled:
            changed.insert(contentsOf: octets[place], at: place.upperBound)
            changed[11] &+= 1
        case .optOption:
            // NSID with one octet that nobody asked for.
            changed.insert(contentsOf: [0, 3, 0, 1, 0x78], at: place.upperBound)
            changed[place.lowerBound + 10] &+= 5
        case .optOwner: changed.replaceSubrange(place.lowerBound..<place.lowerBound + 1, with: [1, 0x61, 0])
        default: return nil
        }
        return changed
    }

    private func change(_ places: WirePlaces, in octets: [UInt8]) -> [UInt8]? {
        var changed = octets
        let question = places.question
        switch self {
        case .questionDropped:
            guard !question.isEmpty else { return nil }
            // Pointers into the question are written out by the cache, which does not compress small answers.
            changed.removeSubrange(question)
            changed[5] = 0
        case .questionCase:
            guard let letter = question.first(where: { (0x61...0x7A).contains(octets[$0]) }) else { return nil }
            changed[letter] ^= 0x20
        case .questionName:
            guard question.count > 6, octets[question.lowerBound] > 0 else { return nil }
            changed[question.lowerBound + 1] = octets[question.lowerBound + 1] == 0x71 ? 0x7A : 0x71
        case .questionType:
            guard question.count > 4 else { return nil }
            changed[question.upperBound - 3] ^= 0x10
        case .questionClass:
            guard question.count > 4 else { return nil }
            changed[question.upperBound - 1] ^= 0x02
        case .record(let section, let kind):
            let records = section == .answer ? places.answers : places.authorities
            return change(records, kind, count: section == .answer ? 7 : 9, in: octets)
        case .ttl(let section, let kind):
            let records = section == .answer ? places.answers : places.authorities
            guard !records.isEmpty else { return nil }
            for record in records {
                let place = record.fixed + 4
                let old = octets[place..<place + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                let new: UInt32 =
                    switch kind {
                    case .zero: 0
                    case .plusOne: old &+ 1
                    case .doubled: old &* 2
                    case .topBit: old | 0x8000_0000
                    }
                for octet in 0..<4 { changed[place + octet] = UInt8(truncatingIfNeeded: new >> UInt32(24 - 8 * octet)) }
            }
            return changed == octets ? nil : changed
        default: return nil
        }
        return changed
    }

    private func change(
        _ records: [WirePlaces.Record],
        _ kind: RecordChange,
        count: Int,
        in octets: [UInt8]
    ) -> [UInt8]? {
        guard let first = records.first else { return nil }
        var changed = octets
        switch kind {
        case .dropped:
            changed.removeSubrange(first.range)
            changed[count] &-= 1
        case .doubled:
            changed.insert(contentsOf: octets[first.range], at: first.range.upperBound)
            changed[count] &+= 1
        case .moved:
            // The first record behind the second, where they are not alike.
            guard records.count > 1, octets[records[0].range] != octets[records[1].range] else { return nil }
            changed.replaceSubrange(
                records[0].range.lowerBound..<records[1].range.upperBound,
                with: octets[records[1].range] + octets[records[0].range]
            )
        case .ownerChanged:
            let place = first.range.lowerBound
            guard octets[place] > 0, octets[place] < 64 else { return nil }
            changed[place + 1] = octets[place + 1] == 0x71 ? 0x7A : 0x71
        case .classChanged: changed[first.fixed + 3] ^= 0x02
        case .dataChanged:
            guard first.range.upperBound > first.fixed + 10 else { return nil }
            changed[first.range.upperBound - 1] ^= 0x55
        }
        return changed
    }
}

/// Where the parts of a message are.
struct WirePlaces {
    struct Record {
        var range: Range<Int>
        /// Offset of the record's type.
        var fixed: Int
    }

    var question = 12..<12
    var answers: [Record] = []
    var authorities: [Record] = []
    var opt: Range<Int>?

    /// Finds them; nil for a message that is not whole.
    init?(_ octets: [UInt8]) {
        guard octets.count >= 12 else { return nil }
        func count(_ index: Int) -> Int { Int(octets[4 + 2 * index]) << 8 | Int(octets[5 + 2 * index]) }
        func nameEnd(_ start: Int) -> Int? {
            var offset = start
            while offset < octets.count {
                let length = Int(octets[offset])
                if length == 0 { return offset + 1 }
                if length >= 0xC0 { return offset + 2 }
                offset += length + 1
            }
            return nil
        }
        var offset = 12
        for _ in 0..<count(0) {
            guard let end = nameEnd(offset), end + 4 <= octets.count else { return nil }
            offset = end + 4
        }
        question = 12..<offset
        for section in 1...3 {
            for _ in 0..<count(section) {
                guard let fixed = nameEnd(offset), fixed + 10 <= octets.count else { return nil }
                let end = fixed + 10 + (Int(octets[fixed + 8]) << 8 | Int(octets[fixed + 9]))
                guard end <= octets.count else { return nil }
                let record = Record(range: offset..<end, fixed: fixed)
                if section == 1 { answers.append(record) }
                if section == 2 { authorities.append(record) }
                if section == 3, octets[fixed] == 0, octets[fixed + 1] == 41 { opt = offset..<end }
                offset = end
            }
        }
    }
}
