/// The sums over all CPUs of `/proc/net/stat/nf_conntrack`.
///
///     entries  searched found new invalid ignore delete delete_list insert insert_failed drop early_drop …
///     0000002a 00000000 …
///
/// The first line names the columns, each further one is a CPU, in hexadecimal; `entries` is the same on each (Linux
/// `net/netfilter/nf_conntrack_standalone.c`).
package struct ConntrackStatistics: ProcTable {
    private var columns: [String] = []
    private var sums: [UInt64] = []
    package var malformedLines = 0

    /// An empty table.
    package init() {}

    /// The sum of a column; nil when this kernel has none of that name.
    package subscript(column: String) -> UInt64? { columns.firstIndex(of: column).map { sums[$0] } }

    package mutating func add(line: ArraySlice<UInt8>) {
        let words = ProcWords.split(line)
        guard !words.isEmpty else { return }
        guard !columns.isEmpty else {
            columns = words.map { ProcWords.text($0) }
            sums = columns.map { _ in 0 }
            return
        }
        let values: [UInt64?] = words.map { ProcWords.hexadecimal($0) }
        guard values.count == columns.count, !values.contains(nil) else {
            malformedLines += 1
            return
        }
        for (index, value) in values.enumerated() { sums[index] &+= value ?? 0 }
    }
}
