import Glibc
import LinuxNet
import SystemPackage

/// What Prometheus's process collector tells of a process (proc(5)).
struct ProcessFacts: Sendable {
    var cpuSeconds: Double
    var residentBytes: Double
    var virtualBytes: Double
    var openDescriptors: Double
    var maximumDescriptors: Double
    var startSeconds: Double

    /// When this process began to look at itself, as seconds since the epoch.
    static let start = Double(Clock.realtimeNanoseconds()) / 1e9

    /// Reads the facts of this process.
    static func current() -> ProcessFacts {
        let usage = ProcessUsage.current()
        let memory = (TextFile.read("/proc/self/statm") ?? "").split(separator: " ").compactMap { Double($0) }
        var limit = rlimit()
        let hasLimit = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
        let page = Double(sysconf(Int32(_SC_PAGESIZE)))
        return ProcessFacts(
            cpuSeconds: Double(usage.cpuNanoseconds) / 1e9,
            residentBytes: memory.count > 1 ? memory[1] * page : Double(usage.peakResidentBytes),
            virtualBytes: (memory.first ?? 0) * page,
            openDescriptors: Double(TextFile.entries("/proc/self/fd")),
            maximumDescriptors: hasLimit ? Double(limit.rlim_cur) : 0,
            startSeconds: start
        )
    }
}

/// Small files that are read whole.
enum TextFile {
    /// The text of a file, or nil when it cannot be read.
    static func read(_ path: String) -> String? {
        guard let file = try? FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec) else { return nil }
        defer { try? file.close() }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while let count = try? buffer.withUnsafeMutableBytes({ try file.read(into: $0) }), count > 0 {
            text += buffer[..<count]
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The number of entries of a directory.
    static func entries(_ path: String) -> Int {
        guard let directory = opendir(path) else { return 0 }
        defer { closedir(directory) }
        var count = 0
        while let entry = readdir(directory) {
            if entry.pointee.d_name.0 != 0x2E { count += 1 }
        }
        return count
    }
}
