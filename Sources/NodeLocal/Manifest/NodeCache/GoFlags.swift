/// A command line as Go's `flag` package reads it.
///
/// `-name=value` and `-name value` are alike, one dash or two; a Boolean takes its value behind `=` alone. Reading stops
/// at the first word that is no flag, and what follows is ignored in silence.
package struct GoFlags: Sendable {
    /// One word of the command line.
    package struct Word: Sendable, Hashable {
        /// Its text.
        package let text: String
        /// Where it stands.
        package let place: SourcePlace

        package init(text: String, place: SourcePlace) {
            self.text = text
            self.place = place
        }
    }

    /// A flag that was read.
    package struct Flag: Sendable, Hashable {
        /// Its name without dashes.
        package let name: String
        /// Its value; `true` for a Boolean without one, nil when the command line ends before it.
        package let value: String?
        /// Where its name stands.
        package let place: SourcePlace
    }

    /// The flags in their order.
    package private(set) var flags: [Flag] = []
    /// The first word that is no flag and all behind it: nobody reads them.
    package private(set) var unread: [Word] = []

    /// Reads words; `booleans` are the names that take no separate value.
    package init(_ words: [Word], booleans: Set<String>) {
        var index = 0
        while index < words.count {
            let word = words[index]
            let dashes = word.text.prefix { $0 == "-" }.count
            guard dashes == 1 || dashes == 2, word.text.count > dashes else {
                unread = Array(words[index...])
                return
            }
            index += 1
            let body = word.text.dropFirst(dashes)
            if let equals = body.firstIndex(of: "=") {
                let value = String(body[body.index(after: equals)...])
                flags.append(Flag(name: String(body[..<equals]), value: value, place: word.place))
            } else if booleans.contains(String(body)) {
                flags.append(Flag(name: String(body), value: "true", place: word.place))
            } else {
                let value = index < words.count ? words[index].text : nil
                flags.append(Flag(name: String(body), value: value, place: word.place))
                index += 1
            }
        }
    }

    /// The flag that counts: the last of its name.
    package subscript(name: String) -> Flag? { flags.last { $0.name == name } }
}
