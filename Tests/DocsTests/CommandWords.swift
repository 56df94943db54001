/// The words of a command line as a shell splits it, up to the first pipe, redirection, list operator or comment.
struct CommandWords: Sendable, Hashable {
    /// The words of the first command, the command itself among them.
    let words: [String]
    /// The command lines after pipes and list operators, and behind `--`.
    let others: [String]

    /// Splits a command line; quotes and backslashes are those of POSIX sh, variables stay as they are.
    init(_ line: String) {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var rest = line[...]
        var others: [String] = []
        func end() {
            if let finished = word { words.append(finished) }
            word = nil
        }
        scan: while let character = rest.popFirst() {
            switch (quote, character) {
            case ("'", "'"), ("\"", "\""): quote = nil
            case ("'", _): word = (word ?? "") + String(character)
            case (_, "\\"): word = (word ?? "") + (rest.popFirst().map(String.init) ?? "")
            case ("\"", _): word = (word ?? "") + String(character)
            case (_, "'"), (_, "\""):
                quote = character
                word = word ?? ""
            case (_, "#") where word == nil: break scan
            case (_, "|"), (_, ";"), (_, "&"):
                others.append(String(rest.drop { "|;& ".contains($0) }))
                break scan
            case (_, ">"), (_, "<"): break scan
            case (_, " "), (_, "\t"): end()
            default: word = (word ?? "") + String(character)
            }
        }
        end()
        if let separator = words.firstIndex(of: "--") {
            others.append(words[(separator + 1)...].joined(separator: " "))
            words.removeSubrange(separator...)
        }
        self.words = words
        self.others = others
    }

    /// The options among the words, without their values: `--lab=ipvs` is `--lab`.
    var options: [String] {
        words.filter { word in
            guard word.hasPrefix("-"), word != "-" else { return false }
            return word.dropFirst().first.map { !$0.isNumber } ?? false
        }
        .map { String($0.prefix { $0 != "=" }) }
    }
}
