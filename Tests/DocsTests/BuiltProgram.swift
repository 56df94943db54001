import Foundation
import Testing

/// The program that this package builds, run as the documentation shows it.
enum BuiltProgram {
    /// Exit status and everything said of one run.
    struct Outcome {
        let status: Int32
        let text: String
    }

    /// `NLDNS_BINARY`, or the program beside the test bundle.
    static let path: String = {
        if let path = ProcessInfo.processInfo.environment["NLDNS_BINARY"], !path.isEmpty { return path }
        let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("nldns").path
    }()

    /// Runs a shell command line in a scratch folder that shows the repository's files, with the program on PATH.
    ///
    /// What the command writes beside them goes with the folder.
    static func run(_ line: String, limitSeconds: Double = 180) throws -> Outcome {
        try #require(
            FileManager.default.isExecutableFile(atPath: path),
            "no program at \(path); build it, or set NLDNS_BINARY"
        )
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nldns-docs-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in try FileManager.default.contentsOfDirectory(atPath: Repository.root.path) where !name.hasPrefix(".")
        {
            try FileManager.default.createSymbolicLink(
                at: folder.appendingPathComponent(name),
                withDestinationURL: Repository.root.appendingPathComponent(name)
            )
        }
        let output = folder.appendingPathComponent(".output")
        try Data().write(to: output)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", line]
        process.currentDirectoryURL = folder
        var environment = ProcessInfo.processInfo.environment
        let programs = URL(fileURLWithPath: path).deletingLastPathComponent().path
        environment["PATH"] = "\(programs):\(environment["PATH"] ?? "/usr/bin:/bin")"
        environment["SWIFT_BACKTRACE"] = "enable=no"
        process.environment = environment
        let handle = try FileHandle(forWritingTo: output)
        process.standardOutput = handle
        process.standardError = handle
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let deadline = Date().addingTimeInterval(limitSeconds)
        while process.isRunning, Date() < deadline { usleep(10_000) }
        if process.isRunning {
            kill(process.processIdentifier, SIGTERM)
            Issue.record("\(line): did not end within \(limitSeconds) s")
        }
        process.waitUntilExit()
        let text = String(decoding: (try? Data(contentsOf: output)) ?? Data(), as: UTF8.self)
        return Outcome(status: process.terminationStatus, text: text)
    }

    /// The help page of a command, given by its words after `nldns`.
    static func help(_ command: [String]) throws -> HelpPage {
        let line = (["nldns"] + command + ["--help"]).joined(separator: " ")
        let outcome = try run(line, limitSeconds: 20)
        try #require(outcome.status == 0, "\(line): exit \(outcome.status): \(outcome.text)")
        return HelpPage(outcome.text)
    }
}
