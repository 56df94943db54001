import Measure
import Results
import Testing

@testable import Report

/// Prometheus text as its own parser and `promtool check metrics` take it: format 0.0.4, one group a family.
@Suite("Prometheus text, strictly")
struct ExpositionTests {
    private struct Sample {
        let name: String
        let labels: [(name: String, value: String)]
        let value: Double

        /// The labels but the one of the bucket.
        var group: String { labels.filter { $0.name != "le" }.map { "\($0.name)=\($0.value)" }.joined(separator: ",") }
    }

    private struct Family {
        let name: String
        let type: String
        var samples: [Sample] = []
    }

    /// Everything that is wrong with a text, and what is in it.
    private static func parse(_ text: String) -> (families: [Family], problems: [String]) {
        var families: [Family] = []
        var problems: [String] = []
        var help: String?
        if !text.hasSuffix("\n") { problems.append("no line feed at the end") }
        for line in text.split(separator: "\n") {
            if let match = line.wholeMatch(of: /# HELP ([a-z_][a-z0-9_]*) ([^\\]+)/) {
                if help != nil { problems.append("a second HELP: \(line)") }
                help = String(match.1)
            } else if let match = line.wholeMatch(of: /# TYPE ([a-z_][a-z0-9_]*) (counter|gauge|histogram|summary)/) {
                if help != String(match.1) { problems.append("TYPE without its HELP: \(line)") }
                help = nil
                if families.contains(where: { $0.name == match.1 }) { problems.append("a family twice: \(line)") }
                families.append(Family(name: String(match.1), type: String(match.2)))
            } else if let sample = sample(line), let family = families.last {
                if !names(of: family).contains(sample.name) { problems.append("not of \(family.name): \(line)") }
                families[families.count - 1].samples.append(sample)
            } else {
                problems.append("no sample: \(line)")
            }
        }
        return (families, problems)
    }

    private static func names(of family: Family) -> [String] {
        switch family.type {
        case "histogram": ["_bucket", "_sum", "_count"].map { family.name + $0 }
        case "summary": ["", "_sum", "_count"].map { family.name + $0 }
        default: [family.name]
        }
    }

    private static func sample(_ line: Substring) -> Sample? {
        let whole = /([a-z_][a-z0-9_]*)(\{.*\})? ([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)/
        guard let match = line.wholeMatch(of: whole), let value = Double(match.3) else { return nil }
        var labels: [(String, String)] = []
        var rest = (match.2 ?? "{}").dropFirst()
        while let label = rest.prefixMatch(of: /([a-z_][a-z0-9_]*)="((?:[^"\\]|\\[\\n"])*)",?/) {
            labels.append((String(label.1), String(label.2)))
            rest = rest[label.range.upperBound...]
        }
        guard rest == "}" else { return nil }
        return Sample(name: String(match.1), labels: labels, value: value)
    }

    @Test("It parses, also with hostile names and absurd figures", arguments: [0, 1, 2])
    func parses(kind: Int) {
        let document = [SampleDocument.make(.fail), HostileDocument.make(), HostileDocument.absurd()][kind]
        let (families, problems) = Self.parse(PrometheusReport.render(document))
        #expect(problems.isEmpty, "\(problems.prefix(5))")
        #expect(families.count > 8 && families.allSatisfy { !$0.samples.isEmpty })
        for family in families {
            // promtool: base units, and suffixes that only one type has.
            #expect(family.name.hasPrefix("nldns_") && !family.name.contains(/_(ms|ns|us|milliseconds|kb|percent)$/))
            #expect(family.type == "counter" || !family.name.hasSuffix("_total"))
            #expect(!family.name.contains(/_(count|sum|bucket)$/))
            let series = family.samples.map { "\($0.name) \($0.labels)" }
            #expect(Set(series).count == series.count, "\(family.name)")
        }
    }

    @Test("Buckets of a histogram rise to its count, and so does their sum to its size")
    func histograms() throws {
        let families = Self.parse(PrometheusReport.render(SampleDocument.make(.fail))).families
        let family = try #require(families.first { $0.type == "histogram" })
        let groups = Dictionary(grouping: family.samples, by: \.group)
        #expect(groups.count == 2)
        for samples in groups.values {
            let buckets = samples.filter { $0.name.hasSuffix("_bucket") }
            let bounds = buckets.compactMap { bucket in bucket.labels.first { $0.name == "le" }?.value }
            #expect(bounds.last == "+Inf" && bounds.dropLast().compactMap(Double.init).count == bounds.count - 1)
            #expect(bounds.dropLast().compactMap(Double.init) == bounds.dropLast().compactMap(Double.init).sorted())
            #expect(buckets.map(\.value) == buckets.map(\.value).sorted())
            let count = try #require(samples.first { $0.name.hasSuffix("_count") }?.value)
            let sum = try #require(samples.first { $0.name.hasSuffix("_sum") }?.value)
            #expect(buckets.last?.value == count && count == 19_998)
            #expect(sum > 0 && sum / count < 0.01)
        }
    }
}
