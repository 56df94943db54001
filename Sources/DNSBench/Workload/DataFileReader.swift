import DNSWire

/// Reads the lines of a dnsperf data file into a slab.
///
/// Most lines are a plain name and a type, and a file may have millions: those are encoded where they stand. Whatever
/// else a line holds, faults among it, is left to ``Workload/query(line:options:)``.
struct DataFileReader: ~Copyable {
    private let options: QueryOptions
    /// The name of a line in wire form.
    private var name: [256 of UInt8] = .init(repeating: 0)
    /// Types by the octets of their word, of words that have at most eight.
    private var types: [UInt64: RecordType] = [:]

    init(options: QueryOptions) { self.options = options }

    /// Adds the queries of a whole file in their order.
    mutating func read(_ bytes: [UInt8], file: String, into writer: inout SlabWriter) throws(DataFileError) {
        let text = bytes.span
        var line = 0
        var start = 0
        while start < text.count {
            var end = start
            while end < text.count, text[end] != UInt8(ascii: "\n") { end += 1 }
            line += 1
            if text[start] != UInt8(ascii: ";") {
                do throws(DataLineError) {
                    try read(text.extracting(start..<end), bytes[start..<end], file: file, into: &writer)
                } catch {
                    throw DataFileError(file: file, line: error.isOfFile ? 0 : line, message: error.message)
                }
            }
            start = end + 1
        }
    }

    private mutating func read(
        _ line: Span<UInt8>,
        _ slice: ArraySlice<UInt8>,
        file: String,
        into writer: inout SlabWriter
    ) throws(DataLineError) {
        do throws(WorkloadError) {
            if let plain = plainQuery(line) {
                try writer.append(name: name.span.extracting(first: plain.length), type: plain.type)
                return
            }
        } catch {
            throw DataLineError(error.description, isOfFile: true)
        }
        guard let query = try Workload.query(line: slice, options: options) else { return }
        do throws(WorkloadError) {
            try writer.append(query)
        } catch {
            throw DataLineError(error.description, isOfFile: true)
        }
    }

    /// Writes the name of a line to ``name``; `nil` unless the line is a plain name, a type and nothing else.
    private mutating func plainQuery(_ line: Span<UInt8>) -> (length: Int, type: RecordType)? {
        var index = 0
        while index < line.count, Self.isBlank(line[index]) { index += 1 }
        var place = 1
        var label = 0
        while index < line.count, !Self.isBlank(line[index]) {
            let octet = line[index]
            index += 1
            if octet == UInt8(ascii: ".") {
                let length = place - label - 1
                guard length >= 1, length <= DNSName.maximumLabelLength else { return nil }
                name[label] = UInt8(length)
                label = place
            } else {
                guard octet != UInt8(ascii: "\\"), octet != 0 else { return nil }
                name[place] = octet
            }
            place += 1
            // Room for the octet of a last label and for the root.
            guard place <= DNSName.maximumWireLength else { return nil }
        }
        let length = place - label - 1
        if length > 0 {
            guard length <= DNSName.maximumLabelLength else { return nil }
            name[label] = UInt8(length)
        } else {
            // A final dot; a line that is empty or the root has no label at all.
            guard label > 0 else { return nil }
            place -= 1
        }
        guard place < DNSName.maximumWireLength else { return nil }
        name[place] = 0
        guard let type = plainType(line, from: index) else { return nil }
        return (place + 1, type)
    }

    private mutating func plainType(_ line: Span<UInt8>, from start: Int) -> RecordType? {
        var index = start
        while index < line.count, Self.isBlank(line[index]) { index += 1 }
        var word: UInt64 = 0
        let first = index
        while index < line.count, !Self.isBlank(line[index]) {
            guard index - first < 8, line[index] != 0 else { return nil }
            word = word << 8 | UInt64(line[index])
            index += 1
        }
        let end = index
        while index < line.count, Self.isBlank(line[index]) { index += 1 }
        guard index == line.count, end > first else { return nil }
        if let known = types[word] { return known }
        let text = String(decoding: (first..<end).map { line[$0] }, as: UTF8.self)
        guard let type = RecordType(mnemonic: text) else { return nil }
        types[word] = type
        return type
    }

    @inline(__always)
    private static func isBlank(_ octet: UInt8) -> Bool { octet == UInt8(ascii: " ") || (octet >= 9 && octet <= 13) }
}
