import DNSWire

extension ResolvConf {
    /// Reads a file as glibc does (res_vinit_1 of resolv/res_init.c): what it does not know it passes over.
    ///
    /// A keyword stands at the start of its line with a blank behind it; `;` and `#` start comments there alone. What
    /// does not count is listed in ``ignored``: unknown keywords and options, servers that are no address, domains that
    /// are no name. Scopes of link-local servers are dropped, since addresses here have none.
    package init(parsing octets: [UInt8]) throws(ResolvConfError) {
        self.init()
        guard octets.count <= ResolvConfError.limit else { throw .tooLarge(octets.count) }
        var number = 0
        for line in octets.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            guard !line.contains(0) else { throw .binary(line: number) }
            read(line, number: number)
        }
    }

    /// Reads the words of an `options` line, as `RES_OPTIONS` has them.
    package mutating func read(options text: String) {
        for word in ResolvConf.words(Array(text.utf8)[...]) { read(option: word, line: 0) }
    }

    private mutating func read(_ line: ArraySlice<UInt8>, number: Int) {
        guard let start = line.first, start != UInt8(ascii: ";"), start != UInt8(ascii: "#") else { return }
        let words = ResolvConf.words(line)
        guard let keyword = words.first else { return }
        let rest = Array(words.dropFirst())
        guard !ResolvConf.isBlank(start) else {
            return ignore(keyword, number, "a keyword must stand at the start of its line")
        }
        guard !rest.isEmpty else { return ignore(keyword, number, "nothing stands behind it") }
        switch keyword {
        case "nameserver": read(nameserver: rest[0], line: number)
        case "domain": search = names([rest[0]], line: number)
        case "search": search = names(rest, line: number)
        case "options": for word in rest { read(option: word, line: number) }
        case "sortlist": ignore(keyword, number, "it orders addresses and asks nothing")
        default: ignore(keyword, number, "it is no keyword of resolv.conf(5)")
        }
    }

    private mutating func read(nameserver word: String, line: Int) {
        let parts = word.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(String(parts[0])) else {
            return ignore(word, line, "it is no address")
        }
        if parts.count > 1 { ignore("%\(parts[1])", line, "scopes are not supported") }
        if nameservers.count >= 3 { ignore(word, line, "resolvers ask the first three servers only") }
        nameservers.append(address)
    }

    private mutating func names(_ words: [String], line: Int) -> [DNSName] {
        var names: [DNSName] = []
        for word in words {
            do {
                names.append(try DNSName(word))
            } catch {
                ignore(word, line, "\(error)")
            }
        }
        return names
    }

    /// res_setoptions of resolv/res_init.c: prefixes decide, and a minus in front switches off.
    private mutating func read(option word: String, line: Int) {
        if let digits = ResolvConf.tail(of: word, behind: "ndots:") {
            ndots = number(digits, word, line)
        } else if let digits = ResolvConf.tail(of: word, behind: "timeout:") {
            timeout = number(digits, word, line)
        } else if let digits = ResolvConf.tail(of: word, behind: "attempts:") {
            attempts = number(digits, word, line)
        } else {
            let isOff = word.hasPrefix("-")
            let name = isOff ? String(word.dropFirst()) : word
            // `no_tld_query` is the older spelling.
            let known = name.hasPrefix("no_tld_query") ? "no-tld-query" : name
            guard let found = Switch.allCases.first(where: { known.hasPrefix($0.rawValue) }) else {
                return ignore(word, line, "it is no option of resolv.conf(5)")
            }
            if isOff { switches.remove(found) } else { switches.insert(found) }
        }
    }

    /// The leading digits, as strtol reads them; what is no number at all counts as 0 and is listed.
    private mutating func number(_ text: Substring, _ word: String, _ line: Int) -> Int {
        let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
        if digits.isEmpty || digits.count < text.utf8.count { ignore(word, line, "it holds no plain number") }
        return digits.reduce(0) { min($0 * 10 + Int($1 - 0x30), 1 << 30) }
    }

    private mutating func ignore(_ text: String, _ line: Int, _ reason: String) {
        ignored.append(Ignored(line: line, text: text, reason: reason))
    }

    private static func tail(of word: String, behind prefix: String) -> Substring? {
        word.hasPrefix(prefix) ? word.dropFirst(prefix.count) : nil
    }

    private static func isBlank(_ octet: UInt8) -> Bool { octet == 0x20 || octet == 0x09 || octet == 0x0d }

    private static func words(_ line: ArraySlice<UInt8>) -> [String] {
        line.split(whereSeparator: isBlank).map { String(decoding: $0, as: UTF8.self) }
    }
}

extension ResolvConf.Ignored: CustomStringConvertible {
    /// `line 3: "foo": reason`.
    package var description: String {
        line > 0 ? "line \(line): \"\(text)\": \(reason)" : "\"\(text)\": \(reason)"
    }
}
