/// A flag among the words of a command line, of a program whose other flags are not known.
package enum CommandLineFlag {
    /// The value of the first flag of that name, written `-name value`, `-name=value` or with two dashes; empty when the
    /// command line ends behind the name, nil without the flag.
    package static func value(of name: String, in words: [String]) -> String? {
        for (index, word) in words.enumerated() {
            let bare = word.drop { $0 == "-" }
            guard bare.count < word.count else { continue }
            if bare == name { return index + 1 < words.count ? words[index + 1] : "" }
            if bare.hasPrefix(name + "=") { return String(bare.dropFirst(name.count + 1)) }
        }
        return nil
    }
}
