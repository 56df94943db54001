import Glibc
import SystemPackage

/// A process, told from a later one with the same id by its start time.
struct LabProcess: Equatable, Sendable {
    /// The process id.
    var processID: Int32
    /// Field 22 of `/proc/<pid>/stat`: clock ticks between boot and the start.
    var startTicks: UInt64

    /// The process as it runs now; `nil` when there is none.
    init?(processID: Int32) {
        guard let file = try? FileDescriptor.open("/proc/\(processID)/stat", .readOnly) else { return nil }
        defer { try? file.close() }
        var octets = [UInt8](repeating: 0, count: 2_048)
        guard let count = try? octets.withUnsafeMutableBytes({ try file.read(into: $0) }) else { return nil }
        // The second field is a name in parentheses that may itself contain blanks and parentheses.
        let text = String(decoding: octets[..<count], as: UTF8.self)
        guard let close = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: close)...].split(separator: " ")
        guard fields.count > 19, fields[0] != "Z", let ticks = UInt64(fields[19]) else { return nil }
        self.processID = processID
        startTicks = ticks
    }

    /// The letter of a process's state, such as `S` or `T` (field 3 of `/proc/<pid>/stat`); `nil` when there is none.
    static func stateLetter(of processID: Int32) -> String? {
        let text = ProcText.read("/proc/\(processID)/stat")
        guard let close = text.lastIndex(of: ")") else { return nil }
        return text[text.index(after: close)...].split(separator: " ").first.map(String.init)
    }

    /// The first process whose parent is `parent`.
    static func child(of parent: Int32) -> Int32? {
        for entry in LabDirectory.entries(of: "/proc") {
            guard let processID = Int32(entry),
                let file = try? FileDescriptor.open(FilePath("/proc/\(processID)/stat"), .readOnly)
            else { continue }
            defer { try? file.close() }
            var octets = [UInt8](repeating: 0, count: 2_048)
            guard let count = try? octets.withUnsafeMutableBytes({ try file.read(into: $0) }) else { continue }
            let text = String(decoding: octets[..<count], as: UTF8.self)
            guard let close = text.lastIndex(of: ")") else { continue }
            let fields = text[text.index(after: close)...].split(separator: " ")
            if fields.count > 1, Int32(fields[1]) == parent { return processID }
        }
        return nil
    }

    /// Parses `<pid> <ticks>`.
    init?(text: some StringProtocol) {
        let fields = text.split(separator: " ")
        guard fields.count == 2, let processID = Int32(fields[0]), let ticks = UInt64(fields[1]) else { return nil }
        self.processID = processID
        startTicks = ticks
    }

    /// `<pid> <ticks>`.
    var text: String { "\(processID) \(startTicks)" }

    /// Whether this very process still runs.
    var isRunning: Bool { LabProcess(processID: processID) == self }
}
