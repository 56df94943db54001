internal import Yams

/// Bounds on a YAML text, so that a hostile file costs a diagnostic and no more.
package struct YAMLLimits: Sendable {
    /// Largest text in UTF-8 bytes.
    package var bytes: Int
    /// Most values after aliases are expanded.
    package var nodes: Int
    /// Deepest nesting.
    package var depth: Int

    /// 1 MiB, 100,000 values, 64 levels: far above any scenario, check file or manifest.
    package static let standard = YAMLLimits(bytes: 1 << 20, nodes: 100_000, depth: 64)

    package init(bytes: Int, nodes: Int, depth: Int) {
        self.bytes = bytes
        self.nodes = nodes
        self.depth = depth
    }
}

extension YAMLTree {
    /// Reads a text that holds one document; an empty text is a null value.
    package static func parse(
        _ text: String,
        file: String,
        limits: YAMLLimits = .standard
    ) throws(YAMLDiagnostic) -> YAMLTree {
        let documents = try parseAll(text, file: file, limits: limits)
        guard documents.count <= 1 else {
            throw documents[1].diagnostic("a second YAML document starts here; this file holds exactly one")
        }
        return documents.first ?? YAMLTree(file: file, line: 1, column: 1, content: .null)
    }

    /// Reads each document of a text (`---` between them).
    package static func parseAll(
        _ text: String,
        file: String,
        limits: YAMLLimits = .standard
    ) throws(YAMLDiagnostic) -> [YAMLTree] {
        guard text.utf8.count <= limits.bytes else {
            throw YAMLDiagnostic(
                file: file,
                line: 1,
                column: 1,
                message: "the file has \(text.utf8.count) bytes; at most \(limits.bytes) are read"
            )
        }
        try refuseAliasKeys(text, file: file)
        var nodes: [Node] = []
        do {
            let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            while let node = try parser.nextRoot() { nodes.append(node) }
        } catch {
            throw diagnostic(for: error, file: file)
        }
        var conversion = Conversion(file: file, text: text, limits: limits)
        var documents: [YAMLTree] = []
        for node in nodes { documents.append(try conversion.tree(node, depth: 0)) }
        return documents
    }

    /// Refuses a complex mapping key in a text that has aliases.
    ///
    /// The parser hashes keys while it reads, before any bound of ours applies; a key that holds nested aliases would
    /// cost exponential time. No file of ours needs such a key, so the test may err on the side of refusing.
    private static func refuseAliasKeys(_ text: String, file: String) throws(YAMLDiagnostic) {
        guard text.utf8.contains(UInt8(ascii: "&")), text.utf8.contains(UInt8(ascii: "*")) else { return }
        var line = 1
        var previous = UInt8(ascii: "\n")
        var aliasStart = false
        for byte in text.utf8 {
            let isComplex: Bool
            switch byte {
            case UInt8(ascii: ":"):
                isComplex = aliasStart || previous == UInt8(ascii: "]") || previous == UInt8(ascii: "}")
            case UInt8(ascii: "?"):
                isComplex = "\n,{[- ".utf8.contains(previous)
            default: isComplex = false
            }
            guard !isComplex else {
                throw YAMLDiagnostic(
                    file: file,
                    line: line,
                    column: 1,
                    message: "a complex mapping key stands in a file with aliases; write the key as plain text"
                )
            }
            if byte == UInt8(ascii: "\n") { line += 1 }
            if byte == UInt8(ascii: "*") {
                aliasStart = true
            } else if "\n,{}[]".utf8.contains(byte) {
                aliasStart = false
            }
            if !" \t\r".utf8.contains(byte) { previous = byte }
        }
    }

    private static func diagnostic(for error: any Error, file: String) -> YAMLDiagnostic {
        var line = 1
        var column = 1
        var message = "the file is not YAML"
        switch error {
        case let error as YamlError:
            switch error {
            case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
                .composer(let context, let problem, let mark, _):
                line = mark.line
                column = mark.column
                message = problem
                if let context { message += " (\(context.text.split(separator: "\n").first ?? ""))" }
            case .duplicatedKeysInMapping(let duplicates, let context):
                line = context.mark.line
                column = context.mark.column
                message = "the key '\(duplicates.first ?? "")' is given twice in one mapping"
            case .reader(let problem, let offset, _, _):
                message = "\(problem) at offset \(offset ?? 0)"
            default: break
            }
        default: break
        }
        return YAMLDiagnostic(file: file, line: max(line, 1), column: max(column, 1), message: message)
    }
}

/// Turns the parser's nodes into trees, and counts what they cost.
private struct Conversion {
    let file: String
    let text: String
    let limits: YAMLLimits
    private var nodes = 0
    private var octets = 0
    private lazy var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)

    init(file: String, text: String, limits: YAMLLimits) {
        self.file = file
        self.text = text
        self.limits = limits
    }

    /// The columns in front of a literal block scalar whose indicator stands on `line`.
    private mutating func indentation(ofBlock content: String, line: Int) -> Int? {
        func blanks(_ line: Substring.UTF8View) -> Int { line.prefix { $0 == UInt8(ascii: " ") }.count }
        let inner = content.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard let first = inner.firstIndex(where: { blanks($0) < $0.count }), line + first < lines.count else {
            return nil
        }
        let difference = blanks(lines[line + first]) - blanks(inner[first])
        return difference >= 0 ? difference : nil
    }

    mutating func tree(_ node: Node, depth: Int) throws(YAMLDiagnostic) -> YAMLTree {
        let mark = node.mark
        let line = mark?.line ?? 1
        let column = mark?.column ?? 1
        func here(_ content: YAMLTree.Content) -> YAMLTree {
            YAMLTree(file: file, line: line, column: column, content: content)
        }
        nodes += 1
        guard nodes <= limits.nodes else {
            throw here(.null).diagnostic("the file grows past \(limits.nodes) values once its aliases are expanded")
        }
        guard depth <= limits.depth else {
            throw here(.null).diagnostic("the file nests deeper than \(limits.depth) levels")
        }
        switch node {
        case .scalar(let scalar):
            octets += scalar.string.utf8.count
            guard octets <= 4 * limits.bytes else {
                throw here(.null).diagnostic(
                    "the file grows past \(4 * limits.bytes) bytes once its aliases are expanded"
                )
            }
            let isQuoted = scalar.style != .plain && scalar.style != .any
            if !isQuoted, ["", "~", "null", "Null", "NULL"].contains(scalar.string) { return here(.null) }
            var value = here(.scalar(scalar.string, isQuoted: isQuoted))
            if scalar.style == .literal { value.blockIndentation = indentation(ofBlock: scalar.string, line: line) }
            return value
        case .sequence(let sequence):
            var items: [YAMLTree] = []
            for item in sequence { items.append(try tree(item, depth: depth + 1)) }
            return here(.list(items))
        case .mapping(let mapping):
            var entries: [YAMLEntry] = []
            var seen: Set<String> = []
            for (key, value) in mapping {
                let keyLine = key.mark?.line ?? line
                let keyColumn = key.mark?.column ?? column
                func complaint(_ message: String) -> YAMLDiagnostic {
                    YAMLDiagnostic(file: file, line: keyLine, column: keyColumn, message: message)
                }
                guard case .scalar(let scalar) = key else { throw complaint("a mapping key must be plain text") }
                guard seen.insert(scalar.string).inserted else {
                    throw complaint("the key '\(scalar.string)' is given twice in one mapping")
                }
                let entry = YAMLEntry(
                    key: scalar.string,
                    keyLine: keyLine,
                    keyColumn: keyColumn,
                    value: try tree(value, depth: depth + 1)
                )
                entries.append(entry)
            }
            return here(.map(entries))
        case .alias:
            throw here(.null).diagnostic("an alias points at nothing")
        }
    }
}
