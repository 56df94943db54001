import DNSWire

/// A line of a data file that is no query.
package struct DataFileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file as the user named it.
    package let file: String
    /// The line, from 1; 0 when the file as a whole is meant.
    package let line: Int
    /// What is wrong, one clause.
    package let message: String

    /// Describes a fault at a place.
    package init(file: String, line: Int, message: String) {
        self.file = file
        self.line = line
        self.message = message
    }

    /// `file:line: message`.
    package var description: String { line > 0 ? "\(file):\(line): \(message)" : "\(file): \(message)" }
}

extension Workload {
    /// Reads a dnsperf data file: one `name type` a line; empty lines and lines that start with `;` or `#` are skipped.
    ///
    /// As in dnsperf (`src/datafile.c`), names need no final dot, further words on a line are ignored, the class is IN,
    /// and queries are asked in the order of the file. Other than in dnsperf, a bad line is an error before anything is
    /// sent, `#` also starts a comment, and `\DDD` escapes are decimal (RFC 1035 section 5.1).
    package static func dataFile(
        text: String,
        file: String,
        popularity: Popularity = .sequential,
        seed: UInt64 = 0,
        options: QueryOptions = QueryOptions()
    ) throws(DataFileError) -> Workload {
        let queries = try parse(dataFile: text, file: file)
        do {
            return try Workload.queries(queries, popularity: popularity, seed: seed, options: options)
        } catch {
            throw DataFileError(file: file, line: 0, message: error.description)
        }
    }

    /// The queries of a dnsperf data file in order.
    package static func parse(dataFile text: String, file: String) throws(DataFileError) -> [WorkloadQuery] {
        var queries: [WorkloadQuery] = []
        var line = 0
        for content in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            line += 1
            if content.contains(0) {
                throw DataFileError(file: file, line: line, message: "a zero octet: this is not a text data file")
            }
            let words = content.split { $0 == UInt8(ascii: " ") || ($0 >= 9 && $0 <= 13) }
            guard let first = words.first, first.first != UInt8(ascii: ";"), first.first != UInt8(ascii: "#") else {
                continue
            }
            let nameText = String(decoding: first, as: UTF8.self)
            guard words.count > 1 else {
                throw DataFileError(file: file, line: line, message: "\"\(nameText)\" has no query type behind it")
            }
            let typeText = String(decoding: words[1], as: UTF8.self)
            guard let type = RecordType(mnemonic: typeText) else {
                throw DataFileError(file: file, line: line, message: "\"\(typeText)\" is no query type")
            }
            do {
                queries.append(WorkloadQuery(name: try DNSName(nameText), type: type))
            } catch {
                throw DataFileError(file: file, line: line, message: "\"\(nameText)\" is no domain name: \(error)")
            }
        }
        return queries
    }
}
