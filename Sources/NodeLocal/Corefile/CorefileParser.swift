/// Groups the words of a Corefile into server blocks, as coredns/caddy `caddyfile/parse.go` does.
struct CorefileParser {
    /// A server block before its plugins are understood.
    struct RawBlock {
        var line: Int
        var keys: [CorefileToken]
        var plugins: [Plugin]
    }

    private let file: String
    private let environment: [String: String]?
    private var tokens: [CorefileToken] = []
    private var position = 0
    private var snippets: [String: [CorefileToken]] = [:]
    private var expansions = 0

    /// Snippet imports that one file may expand; CoreDNS allows 10,000.
    private static let maximumExpansions = 1_000
    /// Words that a file may have once its imports are expanded.
    private static let maximumTokens = 100_000
    /// Nested blocks inside a plugin.
    private static let maximumDepth = 16

    init(text: String, file: String, firstLine: Int, environment: [String: String]?) throws(CorefileError) {
        self.file = file
        self.environment = environment
        var lexer = CorefileLexer(text: text, firstLine: firstLine)
        do {
            while let token = try lexer.next() { tokens.append(token) }
        } catch {
            throw syntax(error.line, "a quote opens here and is never closed")
        }
        for token in tokens {
            guard let pillar = Pillars.firstVariable(in: token.text) else { continue }
            throw CorefileError(
                file: file,
                line: token.line,
                kind: .unreplacedPillar(pillar),
                message: "the variable \(pillar) was not replaced by a value"
            )
        }
        guard tokens.count <= Self.maximumTokens else { throw syntax(1, "the file is too long") }
    }

    /// Every server block of the file.
    mutating func parse() throws(CorefileError) -> [RawBlock] {
        var blocks: [RawBlock] = []
        while position < tokens.count {
            if tokens[position].text == "import" {
                try expandImport()
                continue
            }
            if let block = try parseBlock() { blocks.append(block) }
        }
        return blocks
    }

    private mutating func parseBlock() throws(CorefileError) -> RawBlock? {
        let first = tokens[position]
        if first.text == "}" { throw syntax(first.line, "'}' closes nothing") }
        if KnownPlugins.nodeCache.contains(first.text), !isBlockHeader(at: position) {
            throw syntax(first.line, "the directive '\(first.text)' stands outside a server block")
        }
        let keys = try parseKeys()
        guard position < tokens.count, tokens[position].text == "{" else {
            throw syntax(first.line, "the server block '\(first.text)' has no '{'")
        }
        let opening = tokens[position]
        position += 1
        if keys.count == 1, let name = snippetName(keys[0].text) {
            try defineSnippet(name, line: first.line)
            return nil
        }
        guard !keys.isEmpty else { throw syntax(opening.line, "a server block needs a zone before '{'") }
        var plugins: [Plugin] = []
        while position < tokens.count {
            let token = tokens[position]
            if token.text == "}" {
                position += 1
                return RawBlock(line: first.line, keys: keys, plugins: plugins)
            }
            if token.text == "import" {
                try expandImport()
                continue
            }
            plugins.append(try parsePlugin())
        }
        throw syntax(opening.line, "the server block opened here is never closed; a '}' is missing")
    }

    private func isBlockHeader(at index: Int) -> Bool {
        var index = index
        while index < tokens.count {
            if tokens[index].text == "{" {
                return index + 1 >= tokens.count || startsLine(index + 1) && hasPlugins(index)
            }
            if index + 1 < tokens.count, startsLine(index + 1) { return false }
            index += 1
        }
        return false
    }

    /// True when the first word after the brace is a plugin, which tells a zone called `cache` from a stray directive.
    private func hasPlugins(_ brace: Int) -> Bool {
        let word = tokens[brace + 1].text
        return word == "import" || KnownPlugins.nodeCache.contains(word) || KnownPlugins.coreDNSOnly.contains(word)
    }

    private mutating func parseKeys() throws(CorefileError) -> [CorefileToken] {
        var keys: [CorefileToken] = []
        var expectsAnother = false
        while position < tokens.count {
            var token = tokens[position]
            if token.text == "{" {
                if expectsAnother { throw syntax(token.line, "a zone is missing between ',' and '{'") }
                break
            }
            if !expectsAnother, !keys.isEmpty, startsLine(position) { break }
            token.text = try replacingEnvironment(in: token)
            expectsAnother = token.text.hasSuffix(",")
            if expectsAnother { token.text.removeLast() }
            if !token.text.isEmpty { keys.append(token) }
            position += 1
        }
        return keys
    }

    private mutating func parsePlugin() throws(CorefileError) -> Plugin {
        let token = tokens[position]
        let name = try replacingEnvironment(in: token)
        if name == "{" { throw syntax(token.line, "'{' follows no plugin") }
        guard KnownPlugins.nodeCache.contains(name) else {
            throw CorefileError(
                file: file,
                line: token.line,
                kind: .unknownPlugin(name),
                message: KnownPlugins.refusal(of: name)
            )
        }
        let line = try parseLine(depth: 0)
        return Plugin(name: name, line: line.line, arguments: Array(line.words.dropFirst()), block: line.block)
    }

    /// Reads the words to the end of the line, and the block when the line ends in `{`.
    private mutating func parseLine(depth: Int) throws(CorefileError) -> CorefileLine {
        let line = tokens[position].line
        guard depth <= Self.maximumDepth else { throw syntax(line, "blocks nest too deeply") }
        var words = [try replacingEnvironment(in: tokens[position])]
        position += 1
        while position < tokens.count, !startsLine(position) {
            let token = tokens[position]
            if token.text == "{" { return try parseNested(words: words, line: line, depth: depth) }
            if token.text == "}" { throw syntax(token.line, "'}' must stand on its own line") }
            words.append(try replacingEnvironment(in: token))
            position += 1
        }
        return CorefileLine(line: line, words: words, block: [])
    }

    private mutating func parseNested(
        words: [String],
        line: Int,
        depth: Int
    ) throws(CorefileError) -> CorefileLine {
        position += 1
        guard position >= tokens.count || startsLine(position) else {
            throw syntax(tokens[position].line, "a new line must follow '{'")
        }
        var block: [CorefileLine] = []
        while position < tokens.count {
            let token = tokens[position]
            if token.text == "}" {
                position += 1
                guard position >= tokens.count || startsLine(position) else {
                    throw syntax(tokens[position].line, "a new line must follow '}'")
                }
                return CorefileLine(line: line, words: words, block: block)
            }
            if token.text == "import" {
                try expandImport()
                continue
            }
            if token.text == "{" { throw syntax(token.line, "'{' follows no word") }
            block.append(try parseLine(depth: depth + 1))
        }
        throw syntax(line, "the block of '\(words[0])' opened here is never closed; a '}' is missing")
    }

    private func snippetName(_ key: String) -> String? {
        guard key.hasPrefix("("), key.hasSuffix(")"), key.count > 2 else { return nil }
        return String(key.dropFirst().dropLast())
    }

    private mutating func defineSnippet(_ name: String, line: Int) throws(CorefileError) {
        guard snippets[name] == nil else { throw syntax(line, "the snippet (\(name)) is defined twice") }
        var depth = 1
        var body: [CorefileToken] = []
        while position < tokens.count {
            let token = tokens[position]
            position += 1
            if token.text == "{" { depth += 1 }
            if token.text == "}" { depth -= 1 }
            if depth == 0 {
                snippets[name] = body
                return
            }
            body.append(token)
        }
        throw syntax(line, "the snippet (\(name)) is never closed; a '}' is missing")
    }

    private mutating func expandImport() throws(CorefileError) {
        let line = tokens[position].line
        guard position + 1 < tokens.count, !startsLine(position + 1) else {
            throw syntax(line, "'import' needs the name of a snippet")
        }
        let name = try replacingEnvironment(in: tokens[position + 1])
        guard position + 2 >= tokens.count || startsLine(position + 2) else {
            throw syntax(line, "'import' takes one name")
        }
        guard let body = snippets[name] else {
            let hint = Suggestion.closest(to: name, among: snippets.keys).map { "; did you mean '\($0)'?" } ?? ""
            throw syntax(line, "no snippet (\(name)) is defined above; files are not imported\(hint)")
        }
        expansions += 1
        guard expansions <= Self.maximumExpansions, tokens.count + body.count <= Self.maximumTokens else {
            throw syntax(line, "the snippet (\(name)) imports itself")
        }
        tokens.replaceSubrange(position...(position + 1), with: body)
    }

    /// True when the word at `index` is the first of its line.
    private func startsLine(_ index: Int) -> Bool {
        index == 0 || tokens[index - 1].endLine != tokens[index].line
    }

    private func replacingEnvironment(in token: CorefileToken) throws(CorefileError) -> String {
        var text = token.text
        for (opening, closing) in [("{%", "%}"), ("{$", "}")] {
            while let start = text.firstRange(of: opening), let end = text[start.upperBound...].firstRange(of: closing)
            {
                let name = String(text[start.upperBound..<end.lowerBound])
                guard let value = environment?[name], !value.contains(opening) else {
                    throw CorefileError(
                        file: file,
                        line: token.line,
                        kind: .value,
                        message: "the environment variable '\(name)' has no value here; write the value itself"
                    )
                }
                text.replaceSubrange(start.lowerBound..<end.upperBound, with: value)
            }
        }
        return text
    }

    private func syntax(_ line: Int, _ message: String) -> CorefileError {
        CorefileError(file: file, line: line, kind: .syntax, message: message)
    }
}
