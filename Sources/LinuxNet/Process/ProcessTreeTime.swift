import Glibc

/// Processor time of a process, of all that descend from it and of the kernel's threads, from `/proc/PID/stat`
/// (proc_pid_stat(5)), in ticks.
///
/// The kernel's threads carry packets for whoever sends them, so that they are nobody else's.
package struct ProcessTreeTime: Sendable, Equatable {
    /// User and system time, with that of children who have ended and were waited for.
    package let ticks: UInt64

    /// What this process, its descendants and the kernel's threads have used so far; nil when the kernel does not tell.
    package static func read() -> ProcessTreeTime? {
        guard let folder = opendir("/proc") else { return nil }
        defer { closedir(folder) }
        var lines: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            // A process that has just ended is none any more.
            guard Int32(name) != nil, let line = line(of: name) else { continue }
            lines.append(line)
        }
        return ProcessTreeTime(lines, root: getpid())
    }

    /// The parent of the kernel's threads, where it can be seen.
    private static let kernel: Int32 = 2

    /// Adds up the lines of `root`, of the kernel's threads and of their descendants; nil when `root` is not among them.
    init?(_ lines: [String], root: Int32) {
        var uses: [Int32: (parent: Int32, ticks: UInt64)] = [:]
        for line in lines {
            // The name stands in brackets and may hold any character, brackets and blanks too.
            guard let open = line.firstIndex(of: "("), let close = line.lastIndex(of: ")"), open < close,
                let process = Int32(line[..<open].filter { $0 != " " })
            else { continue }
            let fields = line[line.index(after: close)...].split(separator: " ")
            guard fields.count > 14, let parent = Int32(fields[1]) else { continue }
            // utime, stime, cutime and cstime are the fields 14 to 17, of which the first two stand before the name's end.
            uses[process] = (parent, fields[11...14].reduce(0) { $0 &+ (UInt64($1) ?? 0) })
        }
        guard uses[root] != nil else { return nil }
        let children = Dictionary(grouping: uses.keys) { uses[$0]?.parent ?? 0 }
        var sum: UInt64 = 0
        var seen: Set<Int32> = []
        var open = [root, Self.kernel]
        while let process = open.popLast() {
            guard seen.insert(process).inserted else { continue }
            sum &+= uses[process]?.ticks ?? 0
            open += children[process] ?? []
        }
        ticks = sum
    }

    private static func line(of process: String) -> String? {
        let file = open("/proc/\(process)/stat", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 1_024)
        let count = Glibc.read(file, &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }
}
