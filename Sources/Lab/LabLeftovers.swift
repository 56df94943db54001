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

/// One lab that a directory speaks of.
package struct LabRecord: Sendable {
    /// The lab's directory.
    package let path: String
    /// Topology and cache, in words.
    package let summary: String
    /// Process id of the owner.
    package let ownerID: Int32
    /// Whether the owner still runs; a record without owner is a leftover.
    package let isAlive: Bool

    let owner: LabProcess
    let parts: [LabProcess]
}

/// Finds the labs of this user, and cleans up after those whose owner is gone.
package enum LabLeftovers {
    /// The name of the note in a lab's directory.
    static let note = "owner"

    /// The text of a note.
    static func text(owner: LabProcess, summary: String, parts: [LabProcess]) -> String {
        (["owner \(owner.text)", "summary \(summary)"] + parts.map { "part \($0.text)" }).joined(separator: "\n") + "\n"
    }

    /// Every lab that has a directory, living or not.
    package static func records() -> [LabRecord] {
        let parent = LabDirectory.parent
        return LabDirectory.entries(of: parent).filter { $0.hasPrefix("lab-") }.compactMap {
            record(at: "\(parent)/\($0)")
        }
    }

    /// Ends the parts of every lab whose owner is gone, and removes its directory.
    ///
    /// - Returns: the labs that were cleaned up.
    @discardableResult
    package static func sweep() -> [LabRecord] {
        let dead = records().filter { !$0.isAlive }
        for record in dead {
            for part in record.parts where part.isRunning { kill(part.processID, SIGKILL) }
            LabDirectory.remove(record.path)
        }
        return dead
    }

    private static func record(at path: String) -> LabRecord? {
        guard let file = try? FileDescriptor.open(FilePath("\(path)/\(note)"), .readOnly) else { return nil }
        defer { try? file.close() }
        var octets = [UInt8](repeating: 0, count: 65_536)
        let count = (try? octets.withUnsafeMutableBytes { try file.read(into: $0) }) ?? 0
        var owner: LabProcess?
        var summary = ""
        var parts: [LabProcess] = []
        for line in String(decoding: octets[..<count], as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 1)
            guard words.count == 2 else { continue }
            switch words[0] {
            case "owner": owner = LabProcess(text: words[1])
            case "summary": summary = String(words[1])
            case "part": if let part = LabProcess(text: words[1]) { parts.append(part) }
            default: break
            }
        }
        guard let owner else { return nil }
        return LabRecord(
            path: path,
            summary: summary,
            ownerID: owner.processID,
            isAlive: owner.isRunning,
            owner: owner,
            parts: parts
        )
    }
}
