package import DNSWire

/// One question of a workload and how often it is asked relative to the others.
package struct WorkloadQuery: Sendable, Hashable {
    /// The name asked for.
    package var name: DNSName
    /// The type asked for.
    package var type: RecordType
    /// The class asked for.
    package var recordClass: RecordClass
    /// The share of this query among all, relative to the other weights; 0 is never asked.
    package var weight: Double
    /// What it carries besides; `nil` is what the workload says of all.
    package var options: QueryOptions?
    /// What its answer must be; `nil` says nothing of it.
    package var expectation: AnswerExpectation?

    /// A question of class IN with a weight.
    package init(
        name: DNSName,
        type: RecordType,
        recordClass: RecordClass = .in,
        weight: Double = 1,
        options: QueryOptions? = nil,
        expectation: AnswerExpectation? = nil
    ) {
        self.name = name
        self.type = type
        self.recordClass = recordClass
        self.weight = weight
        self.options = options
        self.expectation = expectation
    }
}

/// Questions that one thread asks right after one another, such as the A and AAAA pair of a lookup.
package struct WorkloadSequence: Sendable, Hashable {
    /// The questions in order; their own weights do not count.
    package var queries: [WorkloadQuery]
    /// The share of this sequence among all, relative to the other weights; 0 is never asked.
    package var weight: Double

    /// A sequence with a weight.
    package init(queries: [WorkloadQuery], weight: Double = 1) {
        self.queries = queries
        self.weight = weight
    }
}

/// How often each entry of a workload is asked, beside its weight.
package enum Popularity: Sendable, Hashable {
    /// In the given order, over and over; weights do not count. This is how dnsperf reads a data file.
    case sequential
    /// Drawn at random by weight.
    case weighted
    /// Drawn at random by weight over rank to the power of `exponent`; the order of entries is their rank.
    case zipf(exponent: Double)
}
