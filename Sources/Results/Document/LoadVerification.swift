/// What was found when answers were held against what is expected of them.
package struct LoadVerification: Codable, Sendable, Equatable {
    /// `id`, `question` or `answer`.
    package var tier: String
    /// Answers that were read whole.
    package var checked: UInt64
    /// Answers with sections that cannot be read.
    package var structure: UInt64
    /// Answers with another rcode than expected.
    package var rcode: UInt64
    /// Answers with a TTL outside the expected range.
    package var ttl: UInt64
    /// Answers with other records than expected.
    package var records: UInt64
    /// Answers with a foreign client cookie.
    package var cookie: UInt64
    /// The first of them, a sentence each.
    package var examples: [String]

    /// Creates the counts.
    package init(
        tier: String,
        checked: UInt64,
        structure: UInt64,
        rcode: UInt64,
        ttl: UInt64,
        records: UInt64,
        cookie: UInt64,
        examples: [String]
    ) {
        self.tier = tier
        self.checked = checked
        self.structure = structure
        self.rcode = rcode
        self.ttl = ttl
        self.records = records
        self.cookie = cookie
        self.examples = examples
    }

    /// Answers with a fault; each has one.
    package var failed: UInt64 {
        [structure, rcode, ttl, records, cookie].reduce(0) { $0.addingReportingOverflow($1).partialValue }
    }

    /// The kinds of fault with their counts, for a reader.
    package var faults: String {
        [("structure", structure), ("rcode", rcode), ("TTL", ttl), ("records", records), ("cookie", cookie)]
            .filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
    }
}
