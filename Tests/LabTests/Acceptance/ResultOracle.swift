import Foundation
import Testing

/// What others make of our results: the JSON Schema by Python's jsonschema, histograms by Python's hdrhistogram.
enum ResultOracle {
    /// The Python that scripts/test makes, or nil.
    static let python: String? = ProcessInfo.processInfo.environment["NLDNS_TEST_PYTHON"].flatMap {
        FileManager.default.isExecutableFile(atPath: $0) ? $0 : nil
    }

    private static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Records an issue for each disagreement; without a Python nothing is looked at.
    ///
    /// - Returns: how many histograms were read.
    @discardableResult
    static func check(_ paths: [String]) throws -> Int {
        guard let python, !paths.isEmpty else { return 0 }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments =
            [
                root.appendingPathComponent("Tests/LabTests/Oracles/check_result.py").path,
                root.appendingPathComponent("results/schema/nldns.result.1.json").path,
            ] + paths
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text.suffix(2_000))")
        let last = text.split(separator: "\n").last { $0.hasSuffix(" histograms") }
        return last.flatMap { Int($0.dropLast(" histograms".count)) } ?? 0
    }

    /// The same for a document that was printed; what is none of ours is not looked at.
    static func check(text: String) throws {
        guard python != nil, text.contains("\"nldns.result/1\"") else { return }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("nldns-oracle-\(UUID().uuidString)")
        try Data(text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        try check([file.path])
    }
}
