package import DNSWire

/// What the answer of a query must be, beyond answering it.
package struct AnswerExpectation: Sendable, Hashable {
    /// The rcode; `nil` allows any.
    package var rcode: RCode?
    /// The TTLs of all records of the question's type, seconds; `nil` allows any.
    package var ttl: ClosedRange<UInt32>?
    /// The data of all records of the question's type, in wire form and ascending order; `nil` allows any.
    ///
    /// An empty list asks for NODATA.
    package var records: [[UInt8]]?

    /// Nothing expected but what is given.
    package init(rcode: RCode? = nil, ttl: ClosedRange<UInt32>? = nil, records: [[UInt8]]? = nil) {
        self.rcode = rcode
        self.ttl = ttl
        self.records = records?.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// Whether nothing is expected.
    package var isEmpty: Bool { rcode == nil && ttl == nil && records == nil }
}
