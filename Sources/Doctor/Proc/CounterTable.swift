/// Counters of `/proc/net/snmp` and `/proc/net/netstat`, or of `/proc/net/snmp6`.
///
///     Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors
///     Udp: 184 2 0 190 0
///
/// The first two name their columns in a line of their own; the third has one name and one number a line, which
/// stand under the group "".
package struct CounterTable: ProcTable {
    private var values: [String: Int64] = [:]
    private var header: [ArraySlice<UInt8>] = []
    package var malformedLines = 0

    /// An empty table.
    package init() {}

    /// The counter, or nil when this kernel has none of that name.
    package subscript(group: String, name: String) -> Int64? { values[group + ":" + name] }

    package mutating func add(line: ArraySlice<UInt8>) {
        let words = ProcWords.split(line)
        guard let first = words.first else { return }
        if first.last != UInt8(ascii: ":") {
            guard words.count == 2, let value = Self.signed(words[1]) else {
                malformedLines += 1
                return
            }
            values[":" + ProcWords.text(first)] = value
            return
        }
        guard header.first.map({ $0.elementsEqual(first) }) == true else {
            if !header.isEmpty { malformedLines += 1 }
            header = words
            return
        }
        defer { header = [] }
        let numbers = words.dropFirst().map(Self.signed)
        guard words.count == header.count, !numbers.contains(nil) else {
            malformedLines += 1
            return
        }
        let group = ProcWords.text(first)
        for (name, number) in zip(header.dropFirst(), numbers) { values[group + ProcWords.text(name)] = number }
    }

    private static func signed(_ word: ArraySlice<UInt8>) -> Int64? {
        guard word.first == UInt8(ascii: "-") else { return ProcWords.decimal(word) }
        let magnitude: Int64? = ProcWords.decimal(word.dropFirst())
        return magnitude.map { -$0 }
    }
}
