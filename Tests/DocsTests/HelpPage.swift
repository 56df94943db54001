/// What `--help` of a command says.
struct HelpPage: Sendable {
    /// The names of its subcommands.
    let subcommands: Set<String>
    /// The one that is run when none is named.
    let defaultSubcommand: String?
    /// Every option that it names, with its dashes.
    let options: Set<String>

    /// Reads the page that ArgumentParser prints.
    init(_ text: String) {
        var subcommands: Set<String> = []
        var defaultSubcommand: String?
        var isInSubcommands = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.first.map({ !$0.isWhitespace }) ?? false {
                isInSubcommands = line.hasSuffix("SUBCOMMANDS:")
            } else if isInSubcommands, line.hasPrefix("  "), !line.hasPrefix("   "), !line.contains("See '") {
                var rest = line.dropFirst(2)
                // Names and aliases are divided by ", "; a blank after a name that has no comma ends them.
                while let name = rest.split(separator: " ", maxSplits: 1).first, !name.isEmpty {
                    subcommands.insert(String(name.prefix { $0 != "," }))
                    if rest.hasPrefix("\(name) (default)") { defaultSubcommand = String(name) }
                    guard name.hasSuffix(",") else { break }
                    rest = rest.dropFirst(name.count + 1)
                }
            }
        }
        self.subcommands = subcommands
        self.defaultSubcommand = defaultSubcommand
        let words = text.split { !($0.isASCII && ($0.isLetter || $0.isNumber) || $0 == "-" || $0 == "_") }
        options = Set(words.filter { $0.hasPrefix("-") }.map(String.init))
    }
}
