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
    /// Reads a dnsperf data file: one `name type` a line; empty lines and lines whose first octet is `;` are skipped.
    ///
    /// As in dnsperf (`src/datafile.c`, `src/dns.c`), names need no final dot, the class is IN, and queries are asked in
    /// the order of the file. Further words are ignored unless they begin with `+`: those are ours (see
    /// ``DataFileWords``). A line that dnsperf would skip with a warning is an error here, before anything is sent;
    /// blanks before the name and carriage returns are allowed, and `\DDD` escapes are decimal (RFC 1035 section 5.1).
    package static func dataFile(
        _ bytes: [UInt8],
        file: String,
        popularity: Popularity = .sequential,
        seed: UInt64 = 0,
        options: QueryOptions = QueryOptions(),
        missShare: Double = 0
    ) throws(DataFileError) -> Workload {
        var writer = SlabWriter(options: options, hasMisses: missShare > 0)
        var reader = DataFileReader(options: options)
        try reader.read(bytes, file: file, into: &writer)
        do throws(WorkloadError) {
            guard (0...1).contains(missShare) else { throw .badWeight }
            guard writer.count > 0 else { throw .empty }
            let order = try AskingOrder(singles: writer.count, popularity: popularity, seed: seed)
            return Workload(slab: writer.finish(), order: order, missShare: missShare)
        } catch {
            throw DataFileError(file: file, line: 0, message: error.description)
        }
    }

    /// The queries of a dnsperf data file in order; words of a line are added to `options`.
    package static func parse(
        dataFile bytes: [UInt8],
        file: String,
        options: QueryOptions = QueryOptions()
    ) throws(DataFileError) -> [WorkloadQuery] {
        var queries: [WorkloadQuery] = []
        var line = 0
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            line += 1
            if bytes[start] != UInt8(ascii: ";") {
                do throws(DataLineError) {
                    if let query = try self.query(line: bytes[start..<end], options: options) { queries.append(query) }
                } catch {
                    throw DataFileError(file: file, line: line, message: error.message)
                }
            }
            start = end + 1
        }
        return queries
    }

    /// The query of one line; `nil` when it is empty.
    static func query(line: ArraySlice<UInt8>, options: QueryOptions) throws(DataLineError) -> WorkloadQuery? {
        if line.contains(0) { throw DataLineError("a zero octet: this is not a text data file") }
        let words = line.split { $0 == UInt8(ascii: " ") || ($0 >= 9 && $0 <= 13) }
        guard let first = words.first else { return nil }
        let nameText = String(decoding: first, as: UTF8.self)
        guard words.count > 1 else { throw DataLineError("\"\(nameText.prefix(80))\" has no query type behind it") }
        let typeText = String(decoding: words[1], as: UTF8.self)
        guard let type = RecordType(mnemonic: typeText) else {
            throw DataLineError("\"\(typeText.prefix(80))\" is no query type")
        }
        let name: DNSName
        do {
            name = try DNSName(text: Array(first))
        } catch {
            throw DataLineError("\"\(nameText.prefix(80))\" is no domain name: \(error)")
        }
        var query = WorkloadQuery(name: name, type: type)
        let ours = words.dropFirst(2).filter { $0.first == UInt8(ascii: "+") }
        guard !ours.isEmpty else { return query }
        var reader = DataFileWords(options: options)
        for word in ours { try reader.read(String(decoding: word.dropFirst(), as: UTF8.self), type: type) }
        query.options = reader.options == options ? nil : reader.options
        query.expectation = reader.expectation.isEmpty ? nil : reader.expectation
        return query
    }

    /// Reads a file of messages, each behind its length in two octets, as dnsperf's `-B` takes it; only ids are replaced.
    package static func binaryDataFile(_ bytes: [UInt8], file: String) throws(DataFileError) -> Workload {
        var messages: [[UInt8]] = []
        var position = 0
        while position < bytes.count {
            guard position + 2 <= bytes.count else {
                throw DataFileError(file: file, line: 0, message: "a single octet at the end, at offset \(position)")
            }
            let length = Int(bytes[position]) << 8 | Int(bytes[position + 1])
            guard position + 2 + length <= bytes.count else {
                throw DataFileError(
                    file: file,
                    line: 0,
                    message: "the message at offset \(position) has \(length) octets, and the file ends before them"
                )
            }
            messages.append(Array(bytes[(position + 2)..<(position + 2 + length)]))
            position += 2 + length
        }
        do {
            return try Workload.messages(messages)
        } catch {
            throw DataFileError(file: file, line: 0, message: error.description)
        }
    }
}

/// What is wrong with one line, one clause.
struct DataLineError: Error {
    let message: String
    /// Whether the file as a whole is meant, not the line.
    var isOfFile: Bool

    init(_ message: String, isOfFile: Bool = false) {
        self.message = message
        self.isOfFile = isOfFile
    }
}
