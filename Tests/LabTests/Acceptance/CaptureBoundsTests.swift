import Foundation
import Testing

@Suite("Bounds of a capture, from outside", .timeLimit(.minutes(3)))
struct CaptureBoundsTests {
    @Test(
        "A file four times as long has the generator's ledger, and takes no more memory or allocations",
        .enabled(if: ProcessInfo.processInfo.environment["NLDNS_BINARY"] != nil, "a debug build allocates")
    )
    func bounds() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let process = Process()
        process.executableURL = root.appendingPathComponent("Benchmarks/capture-bounds")
        process.arguments = [Nldns.path]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text)")
        #expect(text.components(separatedBy: "MiB").count == 7, "\(text)")
    }
}
