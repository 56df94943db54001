/// Numbers the interfaces of all sections of a pcapng file, so that one number is one interface.
///
/// Files that follow each other describe their interfaces anew: the same name with the same link type is the same
/// interface. Interfaces without a name, or with the same one in one section, are told apart by their order.
struct PcapNGInterfaceTable {
    private struct Key: Hashable {
        let name: String
        let link: UInt16
        var occurrence = 0
    }

    /// More interfaces than a capture has; memory must not grow with a damaged file.
    static let limit = 65_536
    private static let nameLimit = 255
    private var numbers: [Key: UInt32] = [:]
    private var occurrences: [Key: Int] = [:]
    /// Names by number, of the interfaces that have one.
    private(set) var names: [UInt32: String] = [:]

    /// How many different interfaces there are.
    var count: Int { numbers.count }

    /// A section begins.
    mutating func beginSection() {
        occurrences.removeAll(keepingCapacity: true)
    }

    /// The number of an interface that the section describes; nil when there are too many.
    mutating func number(name: [UInt8], link: UInt16) -> UInt32? {
        let text = String(decoding: name.prefix(Self.nameLimit).prefix { $0 != 0 }, as: UTF8.self)
        var key = Key(name: text, link: link)
        let occurrence = occurrences[key, default: 0]
        occurrences[key] = occurrence + 1
        key.occurrence = occurrence
        if let known = numbers[key] { return known }
        guard numbers.count < Self.limit else { return nil }
        let number = UInt32(numbers.count + 1)
        numbers[key] = number
        if !text.isEmpty { names[number] = text }
        return number
    }
}
