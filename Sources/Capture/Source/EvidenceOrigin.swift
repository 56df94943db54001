/// Who writes an evidence file, and by which command.
package struct EvidenceOrigin: Sendable {
    /// Name and version of the program.
    package var tool: String
    /// The words of the command line.
    package var command: [String]

    package init(tool: String, command: [String]) {
        self.tool = tool
        self.command = command
    }

    /// The command line, with quotes where a shell needs them.
    var commandLine: String {
        command.map { word in
            let isPlain = !word.isEmpty && word.utf8.allSatisfy { Self.plain.contains($0) }
            return isPlain
                ? word
                : "'"
                    + word.split(separator: "'", omittingEmptySubsequences: false)
                    .joined(separator: "'\\''") + "'"
        }.joined(separator: " ")
    }

    private static let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=+.,:/@%".utf8)
}
