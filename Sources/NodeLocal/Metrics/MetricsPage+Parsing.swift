extension MetricsPage {
    /// Reads a page; format: prometheus.io "Exposition formats", text format 0.0.4.
    package static func parse(_ text: String, limits: Limits = Limits()) throws(MetricsError) -> MetricsPage {
        try parse(Array(text.utf8), limits: limits)
    }

    /// Reads a page from the bytes of an HTTP reply.
    package static func parse(_ bytes: [UInt8], limits: Limits = Limits()) throws(MetricsError) -> MetricsPage {
        guard bytes.count <= limits.bytes else {
            throw MetricsError(line: 1, message: "the page has \(bytes.count) bytes; at most \(limits.bytes) are read")
        }
        var samples: [Sample] = []
        var types: [String: String] = [:]
        var number = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            var cursor = LineCursor(bytes: line, number: number, maximumLabels: limits.labels)
            cursor.skipBlanks()
            if cursor.isAtEnd { continue }
            if cursor.skip(UInt8(ascii: "#")) {
                cursor.readType(into: &types)
                continue
            }
            guard samples.count < limits.samples else {
                throw MetricsError(line: number, message: "the page has more than \(limits.samples) samples")
            }
            samples.append(try cursor.readSample())
        }
        return MetricsPage(samples: samples, types: types)
    }
}

/// Reads one line of a page.
private struct LineCursor {
    private let bytes: ArraySlice<UInt8>
    private var position: Int
    private let number: Int
    private let maximumLabels: Int

    init(bytes: ArraySlice<UInt8>, number: Int, maximumLabels: Int) {
        var bytes = bytes
        if bytes.last == UInt8(ascii: "\r") { bytes = bytes.dropLast() }
        self.bytes = bytes
        position = bytes.startIndex
        self.number = number
        self.maximumLabels = maximumLabels
    }

    var isAtEnd: Bool { position >= bytes.endIndex }

    private var current: UInt8? { isAtEnd ? nil : bytes[position] }

    mutating func skipBlanks() {
        while let byte = current, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { position += 1 }
    }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        position += 1
        return true
    }

    /// Reads the rest of a comment, of which only `# TYPE name type` says something.
    mutating func readType(into types: inout [String: String]) {
        let words = String(decoding: bytes[position...], as: UTF8.self).split(separator: " ")
        if words.count == 3, words[0] == "TYPE", types.count < 10_000 { types[String(words[1])] = String(words[2]) }
    }

    mutating func readSample() throws(MetricsError) -> MetricsPage.Sample {
        guard let name = readName(allowsColon: true) else { throw failure("a metric's name is missing") }
        var labels: [String: String] = [:]
        skipBlanks()
        if skip(UInt8(ascii: "{")) { labels = try readLabels() }
        skipBlanks()
        let text = readWord()
        guard let value = Self.value(of: text) else {
            throw failure("'\(text.prefix(40))' is no value for \(name.prefix(80))")
        }
        skipBlanks()
        let timestamp = readWord()
        skipBlanks()
        guard isAtEnd, timestamp.isEmpty || Int64(timestamp) != nil else {
            throw failure("text follows the value of \(name.prefix(80))")
        }
        return MetricsPage.Sample(name: name, labels: labels, value: value)
    }

    private mutating func readLabels() throws(MetricsError) -> [String: String] {
        var labels: [String: String] = [:]
        while true {
            skipBlanks()
            if skip(UInt8(ascii: "}")) { return labels }
            guard let label = readName(allowsColon: false) else { throw failure("a label's name is missing") }
            skipBlanks()
            guard skip(UInt8(ascii: "=")) else { throw failure("'=' is missing after the label \(label.prefix(80))") }
            skipBlanks()
            let value = try readQuoted()
            guard labels.updateValue(value, forKey: label) == nil else {
                throw failure("the label \(label.prefix(80)) is given twice")
            }
            guard labels.count <= maximumLabels else { throw failure("there are more than \(maximumLabels) labels") }
            skipBlanks()
            if skip(UInt8(ascii: ",")) { continue }
            guard current == UInt8(ascii: "}") else { throw failure("the labels are not closed") }
        }
    }

    /// Reads a label's value; `\\`, `\"` and `\n` are its escapes.
    private mutating func readQuoted() throws(MetricsError) -> String {
        guard skip(UInt8(ascii: "\"")) else { throw failure("a label's value is not quoted") }
        var value: [UInt8] = []
        while let byte = current {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: value, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = current else { break }
                position += 1
                if escaped == UInt8(ascii: "n") {
                    value.append(UInt8(ascii: "\n"))
                } else {
                    if escaped != UInt8(ascii: "\\"), escaped != UInt8(ascii: "\"") { value.append(byte) }
                    value.append(escaped)
                }
            default: value.append(byte)
            }
        }
        throw failure("a label's value is not closed")
    }

    private mutating func readName(allowsColon: Bool) -> String? {
        let start = position
        while let byte = current {
            let isLetter = (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
            let isDigit = byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") && position > start
            guard isLetter || isDigit || byte == UInt8(ascii: "_") || allowsColon && byte == UInt8(ascii: ":") else {
                break
            }
            position += 1
        }
        return position > start ? String(decoding: bytes[start..<position], as: UTF8.self) : nil
    }

    private mutating func readWord() -> String {
        let start = position
        while let byte = current, byte != UInt8(ascii: " "), byte != UInt8(ascii: "\t") { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private static func value(of text: String) -> Double? {
        switch text {
        case "+Inf", "Inf": .infinity
        case "-Inf": -.infinity
        case "NaN": .nan
        default: text.utf8.count <= 64 && text.first?.isLetter == false ? Double(text) : nil
        }
    }

    private func failure(_ message: String) -> MetricsError { MetricsError(line: number, message: message) }
}
