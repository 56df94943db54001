import Foundation
import Testing

/// `nldns lab echo` as its user starts it.
final class EchoProcess {
    private let process = Process()
    private let errors = Pipe()
    /// Where it listens.
    let endpoint: String

    /// Starts it and waits for its endpoint.
    init(_ arguments: [String] = []) throws {
        process.executableURL = URL(fileURLWithPath: Nldns.path)
        process.arguments = ["lab", "echo", "--duration", "5m"] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        try process.run()
        var text = ""
        while !text.hasSuffix("\n") {
            let piece = output.fileHandleForReading.availableData
            if piece.isEmpty { break }
            text += String(decoding: piece, as: UTF8.self)
        }
        endpoint = text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Ends it; what it counted, by name.
    func finish() throws -> [String: Int] {
        process.interrupt()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        var counts: [String: Int] = [:]
        for (name, value) in zip(words, words.dropFirst()) where Int(value) != nil { counts[name] = Int(value) }
        return counts
    }
}
