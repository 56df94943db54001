/// A page of metrics in the Prometheus text format 0.0.4, as `/metrics` serves it.
package struct MetricsPage: Sendable {
    /// One line of the page.
    package struct Sample: Sendable, Hashable {
        /// The metric's name, with `_count`, `_sum` or `_bucket` for the parts of a histogram.
        package let name: String
        /// The labels.
        package let labels: [String: String]
        /// The value; may be infinite or not a number.
        package let value: Double
    }

    /// Bounds on a page, so that a hostile server costs an error and no more.
    package struct Limits: Sendable {
        /// Largest page in bytes.
        package var bytes = 16 << 20
        /// Most samples.
        package var samples = 200_000
        /// Most labels on one sample.
        package var labels = 64

        package init() {}
    }

    /// The samples in the order of the page.
    package let samples: [Sample]
    /// The types that `# TYPE` lines declare, by metric.
    package let types: [String: String]
    private let indices: [String: [Int]]

    init(samples: [Sample], types: [String: String]) {
        self.samples = samples
        self.types = types
        indices = Dictionary(grouping: samples.indices) { samples[$0].name }
    }

    /// The samples of a metric, empty when the page has none.
    package func samples(of name: String) -> [Sample] { (indices[name] ?? []).map { samples[$0] } }

    /// The value of the one sample with exactly these labels, or nil.
    package func value(_ name: String, labels: [String: String] = [:]) -> Double? {
        samples(of: name).first { $0.labels == labels }?.value
    }

    /// The sum over a metric's samples that carry these labels among others; nil when no sample does.
    ///
    /// Nil is not zero: a metric that the page lacks says nothing.
    package func sum(_ name: String, where labels: [String: String] = [:]) -> Double? {
        let matching = samples(of: name).filter { sample in
            labels.allSatisfy { sample.labels[$0.key] == $0.value }
        }
        return matching.isEmpty ? nil : matching.reduce(0) { $0 + $1.value }
    }

    /// The values of one label over a metric's samples, each once, sorted.
    package func values(of label: String, in name: String) -> [String] {
        Set(samples(of: name).compactMap { $0.labels[label] }).sorted()
    }

    /// The CoreDNS version in `coredns_build_info`, or nil when the page does not tell.
    package var coreDNSVersion: CoreDNSVersion? {
        samples(of: "coredns_build_info").lazy.compactMap { $0.labels["version"] }.first.flatMap { CoreDNSVersion($0) }
    }
}

/// Why a page is not in the Prometheus text format.
package struct MetricsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Line of the page, from 1.
    package let line: Int
    /// One sentence without the place.
    package let message: String

    /// `line N: message`.
    package var description: String { "line \(line): \(message)" }
}
