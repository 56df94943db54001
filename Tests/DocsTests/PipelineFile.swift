/// The commands of ours in a CI pipeline's YAML.
enum PipelineFile {
    /// Each command line that starts with `nldns`, as an item of a list or inside a block; the lines of a folded block and
    /// those that a backslash continues are one.
    static func examples(in yaml: String, file: String) -> [MarkdownExample] {
        var examples: [MarkdownExample] = []
        var pending: (line: Int, text: String)?
        var foldedIndent: Int?
        func end() {
            if let (line, text) = pending, text.hasPrefix("nldns ") {
                examples.append(MarkdownExample(file: file, line: line, text: text, isExecuted: false))
            }
            pending = nil
        }
        for (index, line) in yaml.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let indent = line.prefix { $0 == " " }.count
            var text = String(line.dropFirst(indent))
            if let folded = foldedIndent, indent <= folded {
                foldedIndent = nil
                end()
            }
            if text.hasSuffix(">-") {
                end()
                foldedIndent = indent
                continue
            }
            if foldedIndent == nil, text.hasPrefix("- ") { text = String(text.dropFirst(2)) }
            let isContinued = text.hasSuffix("\\")
            if isContinued { text = String(text.dropLast().reversed().drop { $0 == " " }.reversed()) }
            pending = (pending?.line ?? index + 1, pending.map { "\($0.text) \(text)" } ?? text)
            if !isContinued, foldedIndent == nil { end() }
        }
        end()
        return examples
    }
}
