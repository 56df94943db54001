/// One word of a Corefile, as caddyfile/lexer.go of coredns/caddy delimits it.
struct CorefileToken: Sendable {
    /// The word without its quotes.
    var text: String
    /// Line on which the word begins, from 1.
    var line: Int
    /// Line on which it ends; a quoted word may span lines.
    var endLine: Int
}

/// Splits a Corefile into words.
///
/// The rules are those of coredns/caddy `caddyfile/lexer.go`: words end at white space; a word that begins with `"`
/// runs to the next `"`, in which only `\"` is an escape; `#` begins a comment wherever it stands outside quotes.
struct CorefileLexer {
    private var scalars: Substring.UnicodeScalarView
    private var line: Int

    init(text: String, firstLine: Int) {
        scalars = Substring(text).unicodeScalars
        line = firstLine
        if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
    }

    /// The next word, nil at the end, or the line of a quote that is never closed.
    mutating func next() throws(UnclosedQuote) -> CorefileToken? {
        var word = String.UnicodeScalarView()
        var start = line
        var isComment = false
        while let scalar = scalars.popFirst() {
            if scalar.properties.isWhitespace {
                let end = line
                if scalar == "\r" { continue }
                if scalar == "\n" {
                    line += 1
                    isComment = false
                }
                if !word.isEmpty { return CorefileToken(text: String(word), line: start, endLine: end) }
                continue
            }
            if scalar == "#" { isComment = true }
            if isComment { continue }
            if word.isEmpty {
                start = line
                if scalar == "\"" { return try quoted(from: start) }
            }
            word.append(scalar)
        }
        return word.isEmpty ? nil : CorefileToken(text: String(word), line: start, endLine: line)
    }

    private mutating func quoted(from start: Int) throws(UnclosedQuote) -> CorefileToken {
        var word = String.UnicodeScalarView()
        var isEscaped = false
        while let scalar = scalars.popFirst() {
            if !isEscaped {
                if scalar == "\\" {
                    isEscaped = true
                    continue
                }
                if scalar == "\"" { return CorefileToken(text: String(word), line: start, endLine: line) }
            }
            if scalar == "\n" { line += 1 }
            if isEscaped, scalar != "\"" { word.append("\\") }
            word.append(scalar)
            isEscaped = false
        }
        throw UnclosedQuote(line: start)
    }

    /// A quote without its partner; CoreDNS would swallow the rest of the file in silence.
    struct UnclosedQuote: Error {
        let line: Int
    }
}
