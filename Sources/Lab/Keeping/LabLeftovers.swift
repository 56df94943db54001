import Glibc
import SystemPackage

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
    let podPath: String?

    /// Whether the lab is kept by a process of its own, as `lab up` starts it.
    package var isKept: Bool { summary.hasPrefix("kept ") }

    /// Whether the owner is root by right and not in a user namespace; entering one's own is an error.
    private var isInOwnersUserNamespace: Bool {
        var mine = stat()
        var theirs = stat()
        guard stat("/proc/self/ns/user", &mine) == 0, stat("/proc/\(ownerID)/ns/user", &theirs) == 0 else {
            return true
        }
        return mine.st_ino == theirs.st_ino
    }

    /// The command line that runs `command` where the lab's clients are.
    package func podCommand(_ command: [String]) throws(LabError) -> [String] {
        let nsenter = try LabTool.nsenter.find()
        var enter = [nsenter, "--target", "\(ownerID)", "--net", "--"]
        if let podPath {
            enter = [nsenter, "--net=\(podPath)", "--"]
        } else if !isInOwnersUserNamespace {
            enter = [nsenter, "--target", "\(ownerID)", "--preserve-credentials", "--user", "--net", "--"]
        }
        return try PodCommand(enter: enter, directory: path).wrapping(command)
    }
}

/// Finds the labs of this user, and cleans up after those whose owner is gone.
package enum LabLeftovers {
    /// The name of the note in a lab's directory.
    static let note = "owner"

    /// The text of a note.
    static func text(owner: LabProcess, summary: String, parts: [LabProcess], podPath: String?) -> String {
        var lines = ["owner \(owner.text)", "summary \(summary)"] + parts.map { "part \($0.text)" }
        if let podPath { lines.append("pod \(podPath)") }
        return lines.joined(separator: "\n") + "\n"
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
        var podPath: String?
        for line in String(decoding: octets[..<count], as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 1)
            guard words.count == 2 else { continue }
            switch words[0] {
            case "owner": owner = LabProcess(text: words[1])
            case "summary": summary = String(words[1])
            case "pod": podPath = String(words[1])
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
            parts: parts,
            podPath: podPath
        )
    }
}
