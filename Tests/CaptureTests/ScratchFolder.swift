import Foundation
import Glibc
import Testing

/// A folder for the files of one test, which goes with it.
final class ScratchFolder {
    /// Where it is.
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("nldns-capture-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Gives `body` the path of a file with these octets.
    @discardableResult
    static func reading<Result>(_ bytes: [UInt8], _ body: (String) throws -> Result) throws -> Result {
        let folder = try ScratchFolder()
        return try withExtendedLifetime(folder) { try body(try folder.write(bytes)) }
    }

    /// The path of a file in it.
    func file(_ name: String) -> String {
        path + "/" + name
    }

    /// Writes a file in it and returns its path.
    @discardableResult
    func write(_ bytes: [UInt8], to name: String = "capture") throws -> String {
        // A new file each time: some file systems flush one that is cut and written anew.
        unlink(file(name))
        let descriptor = open(file(name), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        try #require(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
        return file(name)
    }

    /// The octets of a file in it.
    func read(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: file(name))))
    }

    /// Runs a shell command in it and returns what it says on standard output.
    @discardableResult
    func run(_ line: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "(\(line)) > .output 2> .errors"]
        process.currentDirectoryURL = URL(fileURLWithPath: path)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        let errors = String(decoding: try read(".errors"), as: UTF8.self)
        try #require(process.terminationStatus == 0, "\(line): exit \(process.terminationStatus): \(errors)")
        return String(decoding: try read(".output"), as: UTF8.self)
    }

    /// The program that this package builds: `NLDNS_BINARY`, or the one beside the test bundle.
    static let program: String = {
        if let path = ProcessInfo.processInfo.environment["NLDNS_BINARY"], !path.isEmpty { return path }
        let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("nldns").path
    }()

    /// Whether a program is on the path.
    static func hasTool(_ name: String) -> Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":").contains { folder in
            FileManager.default.isExecutableFile(atPath: "\(folder)/\(name)")
        }
    }
}
