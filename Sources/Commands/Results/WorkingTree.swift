import Glibc

/// What git tells of the folder that we run in; nil where there is no git, no checkout, or no name.
enum WorkingTree {
    /// `Name <address>` as commits bear it.
    static var author: String? {
        guard let name = line("git config user.name 2>/dev/null") else { return nil }
        return line("git config user.email 2>/dev/null").map { "\(name) <\($0)>" } ?? name
    }

    /// The commit that is checked out.
    static var commit: String? { line("git rev-parse --verify HEAD 2>/dev/null") }

    /// The first line that a fixed command prints.
    private static func line(_ command: String) -> String? {
        guard let pipe = popen(command, "re") else { return nil }
        defer { pclose(pipe) }
        var buffer = [UInt8](repeating: 0, count: 1_024)
        let count = fread(&buffer, 1, buffer.count, pipe)
        let text = String(decoding: buffer[..<count], as: UTF8.self)
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init)
        return line?.isEmpty == false ? line : nil
    }
}
