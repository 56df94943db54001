/// Writes counters in Prometheus's text format, version 0.0.4, with the names and labels of CoreDNS 1.13.
struct MetricsText {
    private(set) var text = ""

    /// Begins a family.
    mutating func family(_ name: String, _ type: String, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    /// Writes one sample; labels in alphabetical order, as client_golang has them.
    mutating func sample(_ name: String, _ labels: [(String, String)] = [], _ value: some CustomStringConvertible) {
        text += name
        if !labels.isEmpty {
            text += "{" + labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",") + "}"
        }
        text += " \(value)\n"
    }

    /// Writes the buckets, sum and count of a histogram.
    mutating func histogram(_ name: String, _ labels: [(String, String)], _ histogram: BucketCounts) {
        var running: UInt64 = 0
        for (bound, count) in zip(histogram.bounds.values, histogram.counts) {
            running += count
            sample(name + "_bucket", labels + [("le", Self.number(bound))], running)
        }
        sample(name + "_bucket", labels + [("le", "+Inf")], histogram.total)
        sample(name + "_sum", labels, Self.number(histogram.sum))
        sample(name + "_count", labels, histogram.total)
    }

    /// A number without a needless fraction.
    static func number(_ value: Double) -> String {
        if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
        return String(value)
    }

    private static func escaped(_ value: String) -> String {
        var result = ""
        for character in value {
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.append(character)
            }
        }
        return result
    }
}
