import Glibc

/// Time of all processors since the start, from `/proc/stat` (proc_stat(5)), in ticks.
package struct ProcessorTime: Sendable, Equatable {
    /// All of it.
    package let total: UInt64
    /// What programs used: user, nice and system.
    package let worked: UInt64
    /// What a host took away for others.
    package let stolen: UInt64

    /// Now; nil when the kernel does not tell.
    package static func read() -> ProcessorTime? {
        let file = open("/proc/stat", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 512)
        let count = Glibc.read(file, &buffer, buffer.count)
        guard count > 0 else { return nil }
        return ProcessorTime(String(decoding: buffer[..<count], as: UTF8.self))
    }

    /// The first line of the file: `cpu` and the times user, nice, system, idle, iowait, irq, softirq, steal.
    init?(_ text: String) {
        guard let line = text.split(separator: "\n").first, line.hasPrefix("cpu ") else { return nil }
        // Time of guests is part of user's and nice's, and follows behind steal.
        let times = line.split(separator: " ").dropFirst().prefix(8).compactMap { UInt64($0) }
        guard times.count == 8 else { return nil }
        total = times.reduce(0, &+)
        worked = times[0] &+ times[1] &+ times[2]
        stolen = times[7]
    }

    /// The share of the time since `start` that was stolen; 0 when no time has passed.
    package func stolenShare(since start: ProcessorTime) -> Double {
        guard total > start.total, stolen >= start.stolen else { return 0 }
        return Double(stolen - start.stolen) / Double(total - start.total)
    }

    /// The share of the time since `start` that other programs used than those that used `ours` ticks of it.
    package func othersShare(since start: ProcessorTime, ours: UInt64) -> Double {
        guard total > start.total, worked > start.worked, worked - start.worked > ours else { return 0 }
        return Double(worked - start.worked - ours) / Double(total - start.total)
    }
}
