/// A fenced block of a Markdown file with an HTML comment `<!-- test: WORD -->` before it.
struct MarkdownBlock: Sendable, Hashable {
    /// The line of its first content, from 1.
    let line: Int
    /// Its content.
    let text: String

    /// All blocks of a text that bear the word.
    static func all(in markdown: String, marked word: String) -> [MarkdownBlock] {
        var blocks: [MarkdownBlock] = []
        var content: [Substring]?
        var start = 0
        var isMarked = false
        for (index, line) in markdown.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("```") {
                if let finished = content {
                    if isMarked {
                        blocks.append(MarkdownBlock(line: start, text: finished.joined(separator: "\n") + "\n"))
                    }
                    content = nil
                    isMarked = false
                } else {
                    content = []
                    start = index + 2
                }
            } else if content != nil {
                content?.append(line)
            } else if !line.isEmpty {
                isMarked = line == "<!-- test: \(word) -->"
            }
        }
        return blocks
    }
}
