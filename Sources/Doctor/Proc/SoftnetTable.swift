/// The sums over all CPUs of `/proc/net/softnet_stat`.
///
///     0004dcf5 00000000 00000001 00000000 …
///
/// A CPU a line, in hexadecimal: frames taken, frames dropped for want of room in the backlog, and how often the time
/// for them was up (Linux `net/core/net-procfs.c`). The counters are those of the whole machine.
package struct SoftnetTable: ProcTable {
    /// Frames dropped because a CPU's backlog was full.
    package private(set) var dropped: UInt64 = 0
    /// Times that a CPU had to leave frames for later.
    package private(set) var squeezed: UInt64 = 0
    /// CPUs in the table.
    package private(set) var processors = 0
    package var malformedLines = 0

    /// An empty table.
    package init() {}

    package mutating func add(line: ArraySlice<UInt8>) {
        let words = ProcWords.split(line)
        guard words.count >= 3, let dropped: UInt64 = ProcWords.hexadecimal(words[1]),
            let squeezed: UInt64 = ProcWords.hexadecimal(words[2])
        else {
            malformedLines += 1
            return
        }
        self.dropped &+= dropped
        self.squeezed &+= squeezed
        processors += 1
    }
}
