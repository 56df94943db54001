import Foundation
import Testing

/// Runs the built program as its user would and keeps what it said.
struct Nldns {
    /// Exit status, standard output and standard error of one run.
    struct Outcome {
        let status: Int32
        let output: String
        let messages: String

        /// Standard output as JSON; a result must be as the published schema says.
        func document() throws -> [String: Any] {
            try ResultOracle.check(text: output)
            return try #require(
                try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any],
                "\(messages)"
            )
        }
    }

    /// The program: `NLDNS_BINARY`, or the debug build beside this test.
    static var path: String {
        if let path = ProcessInfo.processInfo.environment["NLDNS_BINARY"] { return path }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return root.appendingPathComponent(".build/debug/nldns").path
    }

    /// Runs to the end; `interruptAfter` sends SIGINT that many seconds after the start, or as soon as a line of
    /// standard error begins with `interruptAt`.
    static func run(
        _ arguments: [String],
        interruptAt marker: String? = nil,
        signal: Int32 = SIGINT,
        limitSeconds: Double = 300
    ) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        let folder = try scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let out = folder.appendingPathComponent("out")
        let err = folder.appendingPathComponent("err")
        for file in [out, err] { try Data().write(to: file) }
        process.standardOutput = try FileHandle(forWritingTo: out)
        process.standardError = try FileHandle(forWritingTo: err)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let deadline = Date().addingTimeInterval(limitSeconds)
        var isSignalled = false
        while process.isRunning, Date() < deadline {
            usleep(20_000)
            if let marker, !isSignalled, try text(err).split(separator: "\n").contains(where: { $0.hasPrefix(marker) })
            {
                isSignalled = true
                usleep(300_000)
                kill(process.processIdentifier, signal)
            }
        }
        if process.isRunning {
            kill(process.processIdentifier, SIGKILL)
            Issue.record("nldns \(arguments.joined(separator: " ")) did not end within \(limitSeconds) s")
        }
        process.waitUntilExit()
        if marker != nil { #expect(isSignalled, "the stage to interrupt was never reached") }
        return Outcome(status: process.terminationStatus, output: try text(out), messages: try text(err))
    }

    /// A new folder that the caller removes.
    static func scratchFolder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nldns-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    /// Network namespaces other than ours that any process is in.
    static func foreignNamespaces() throws -> Set<String> {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/net")
        let processes = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int($0) != nil }
        let all = processes.compactMap {
            try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\($0)/ns/net")
        }
        return Set(all).subtracting([own])
    }

    private static func text(_ file: URL) throws -> String {
        String(decoding: try Data(contentsOf: file), as: UTF8.self)
    }
}
