/// Reads a JSON text once, octet by octet, and refuses what a lenient decoder passes over.
///
/// RFC 8259 section 4 leaves open what an object with two members of one name means: two readers of such a result could
/// see two verdicts. So a name that stands twice is a fault here, as is nesting that no result has.
struct JSONScan {
    /// What is wrong, with the line of the text, from 1.
    enum Fault: Error, Equatable {
        /// There is nothing.
        case empty
        /// The text ends before its value does.
        case cutShort(line: Int)
        /// An octet that cannot stand there.
        case unexpected(octet: UInt8, line: Int)
        /// A name that its object has already.
        case duplicate(name: String, line: Int)
        /// Deeper than ``JSONScan/maximumDepth``.
        case tooDeep(line: Int)

        /// A clause that follows "is no readable result: ".
        var clause: String {
            switch self {
            case .empty: "it is empty, so it is not JSON"
            case .cutShort(let line): "it is not JSON, or cut short, as it ends on line \(line) inside a value"
            case .unexpected(let octet, let line):
                "it is not JSON, as \(Self.shown(octet)) cannot stand where it does on line \(line)"
            case .duplicate(let name, let line): "the key \"\(name)\" stands twice in one object, again on line \(line)"
            case .tooDeep(let line): "it nests deeper than \(JSONScan.maximumDepth) levels on line \(line)"
            }
        }

        private static func shown(_ octet: UInt8) -> String {
            (0x21...0x7E).contains(octet) ? "'\(Character(Unicode.Scalar(octet)))'" : "octet \(octet)"
        }
    }

    /// More levels than any result has.
    static let maximumDepth = 128

    private let octets: [UInt8]
    private var position = 0
    private var line = 1

    private init(_ octets: [UInt8]) { self.octets = octets }

    /// Checks that the text is one JSON value whose objects have each name once.
    static func check(_ octets: [UInt8]) throws(Fault) {
        var scan = JSONScan(octets)
        scan.skipBlanks()
        guard scan.position < octets.count else { throw .empty }
        try scan.value(depth: 0)
        scan.skipBlanks()
        if scan.position < octets.count { throw scan.fault() }
    }

    private mutating func value(depth: Int) throws(Fault) {
        guard depth <= Self.maximumDepth else { throw .tooDeep(line: line) }
        guard position < octets.count else { throw fault() }
        switch octets[position] {
        case UInt8(ascii: "{"): try object(depth: depth)
        case UInt8(ascii: "["): try array(depth: depth)
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        default: try number()
        }
    }

    private mutating func object(depth: Int) throws(Fault) {
        position += 1
        skipBlanks()
        if take(UInt8(ascii: "}")) { return }
        var names: Set<ArraySlice<UInt8>> = []
        repeat {
            skipBlanks()
            let name = try string()
            guard names.insert(name).inserted else {
                throw .duplicate(name: String(decoding: name.prefix(60), as: UTF8.self), line: line)
            }
            skipBlanks()
            guard take(UInt8(ascii: ":")) else { throw fault() }
            skipBlanks()
            try value(depth: depth + 1)
            skipBlanks()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw fault() }
    }

    private mutating func array(depth: Int) throws(Fault) {
        position += 1
        skipBlanks()
        if take(UInt8(ascii: "]")) { return }
        repeat {
            skipBlanks()
            try value(depth: depth + 1)
            skipBlanks()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw fault() }
    }

    /// A string's octets, with each `\u` escape of an ASCII character as that character, so that equal names are equal.
    private mutating func string() throws(Fault) -> ArraySlice<UInt8> {
        guard take(UInt8(ascii: "\"")) else { throw fault() }
        let start = position
        var plain: [UInt8]?
        while position < octets.count {
            let octet = octets[position]
            switch octet {
            case UInt8(ascii: "\""):
                position += 1
                return plain.map { $0[...] } ?? octets[start..<(position - 1)]
            case UInt8(ascii: "\\"):
                if plain == nil { plain = Array(octets[start..<position]) }
                position += 1
                plain?.append(contentsOf: try escape())
            case 0..<0x20: throw fault()
            default:
                plain?.append(octet)
                position += 1
            }
        }
        throw fault()
    }

    private mutating func escape() throws(Fault) -> [UInt8] {
        guard position < octets.count else { throw fault() }
        let octet = octets[position]
        if let place = Array("\"\\/bfnrt".utf8).firstIndex(of: octet) {
            position += 1
            return [Array("\"\\/\u{8}\u{C}\n\r\t".utf8)[place]]
        }
        guard octet == UInt8(ascii: "u") else { throw fault() }
        position += 1
        var code = 0
        for _ in 0..<4 {
            guard position < octets.count, let digit = Character(Unicode.Scalar(octets[position])).hexDigitValue else {
                throw fault()
            }
            code = code << 4 | digit
            position += 1
        }
        // Others need not be decoded to be told apart: they keep their case-folded escape.
        return code < 0x80 ? [UInt8(code)] : Array("\\u\(String(code, radix: 16))".utf8)
    }

    private mutating func number() throws(Fault) {
        _ = take(UInt8(ascii: "-"))
        let leading = position
        try digits()
        if octets[leading] == UInt8(ascii: "0"), position > leading + 1 {
            position = leading + 1
            throw fault()
        }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
    }

    private mutating func digits() throws(Fault) {
        let start = position
        while position < octets.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octets[position]) {
            position += 1
        }
        guard position > start else { throw fault() }
    }

    private mutating func word(_ word: String) throws(Fault) {
        for octet in word.utf8 {
            guard take(octet) else { throw fault() }
        }
    }

    private mutating func take(_ octet: UInt8) -> Bool {
        guard position < octets.count, octets[position] == octet else { return false }
        position += 1
        return true
    }

    private mutating func skipBlanks() {
        while position < octets.count {
            switch octets[position] {
            case UInt8(ascii: "\n"):
                line += 1
                position += 1
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
            default: return
            }
        }
    }

    /// What is wrong with the octet at hand, or with its absence.
    private func fault() -> Fault {
        position < octets.count ? .unexpected(octet: octets[position], line: line) : .cutShort(line: line)
    }
}
