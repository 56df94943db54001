/// A command line that a Markdown file shows in a fenced block of `console`, `sh`, `shell` or `bash`.
struct MarkdownExample: Sendable, Hashable, CustomStringConvertible {
    /// The file as diagnostics name it.
    let file: String
    /// The line of the file, from 1.
    let line: Int
    /// The command line without its prompt, continuation lines joined.
    let text: String
    /// True when `<!-- test: run -->` stands before the block: the line is executed as it is.
    let isExecuted: Bool

    var description: String { "\(file):\(line): \(text)" }
}

extension MarkdownExample {
    /// The marker before a block whose lines are executed.
    static let marker = "<!-- test: run -->"

    private static let languages: Set<Substring> = ["console", "sh", "shell", "bash"]

    /// All examples of a text, in its order; output of commands and comments are left out.
    static func all(in markdown: String, file: String) -> [MarkdownExample] {
        var examples: [MarkdownExample] = []
        var fence: Fence?
        var isMarked = false
        var pending: (line: Int, text: String)?
        let lines = markdown.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let trimmed = line.trimmingBlanks
            guard let open = fence else {
                if let found = Fence(trimmed) {
                    fence = found
                } else if !trimmed.isEmpty {
                    isMarked = trimmed == marker
                }
                continue
            }
            if open.isClosed(by: trimmed) {
                fence = nil
                isMarked = false
                pending = nil
                continue
            }
            guard languages.contains(open.language) else { continue }
            var (start, text) = pending ?? (index + 1, "")
            text += pending == nil ? trimmed.droppingPrompt : String(trimmed)
            if text.hasSuffix("\\") {
                pending = (start, String(text.dropLast()))
                continue
            }
            pending = nil
            start = min(start, index + 1)
            // In a console block what has no prompt may be output; it counts when it is a command of ours.
            guard text.hasPrefix("nldns ") || text.hasPrefix("scripts/") else { continue }
            examples.append(MarkdownExample(file: file, line: start, text: text, isExecuted: isMarked))
        }
        return examples
    }

    /// An opened code fence.
    private struct Fence {
        let mark: Substring
        let language: Substring

        init?(_ line: Substring) {
            guard let first = line.first, first == "`" || first == "~" else { return nil }
            mark = line.prefix { $0 == first }
            guard mark.count >= 3 else { return nil }
            language = line.dropFirst(mark.count).prefix { $0 != " " }
        }

        func isClosed(by line: Substring) -> Bool {
            line.hasPrefix(mark) && line.allSatisfy { $0 == mark.first }
        }
    }
}

extension Substring {
    fileprivate var trimmingBlanks: Substring {
        let tail = drop { $0 == " " || $0 == "\t" }
        return tail[
            ..<(tail.lastIndex { $0 != " " && $0 != "\t" && $0 != "\r" }.map(tail.index(after:)) ?? tail.startIndex)
        ]
    }

    fileprivate var droppingPrompt: String {
        var rest = self
        for prompt in ["$ ", "# "] where rest.hasPrefix(prompt) { rest = rest.dropFirst(prompt.count) }
        if rest.hasPrefix("sudo ") { rest = rest.dropFirst(5) }
        return String(rest)
    }
}
