import DNSWire

extension LookupName {
    /// The names of a dnsperf data file in order: of each line its first word, where the type is A or AAAA.
    ///
    /// Other types are no lookups of addresses and are left out; the A and AAAA lines of one name that follow one
    /// another are one lookup. A dot at a name's end keeps its meaning, other than in dnsperf.
    package static func parse(dataFile text: String, file: String) throws(DataFileError) -> [LookupName] {
        var names: [LookupName] = []
        var pair: (name: LookupName, types: [RecordType])?
        var line = 0
        for content in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            line += 1
            guard !content.contains(0) else {
                throw DataFileError(file: file, line: line, message: "a zero octet: this is not a text data file")
            }
            let words = content.split { $0 == UInt8(ascii: " ") || ($0 >= 9 && $0 <= 13) }
            guard let first = words.first, first.first != UInt8(ascii: ";"), first.first != UInt8(ascii: "#") else {
                continue
            }
            let nameText = String(decoding: first, as: UTF8.self)
            var type = RecordType.a
            if words.count > 1 {
                let typeText = String(decoding: words[1], as: UTF8.self)
                guard let found = RecordType(mnemonic: typeText) else {
                    throw DataFileError(file: file, line: line, message: "\"\(typeText)\" is no query type")
                }
                type = found
            }
            guard type == .a || type == .aaaa else { continue }
            let name: LookupName
            do {
                name = try LookupName(nameText)
            } catch {
                throw DataFileError(file: file, line: line, message: "\"\(nameText)\" is no domain name: \(error)")
            }
            if let known = pair, known.name == name, !known.types.contains(type) {
                pair?.types.append(type)
                continue
            }
            pair = (name, [type])
            names.append(name)
        }
        return names
    }
}
