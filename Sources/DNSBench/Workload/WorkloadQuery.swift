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

    /// A question of class IN with a weight.
    package init(name: DNSName, type: RecordType, recordClass: RecordClass = .in, weight: Double = 1) {
        self.name = name
        self.type = type
        self.recordClass = recordClass
        self.weight = weight
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

/// What every query of a workload carries besides its question.
package struct QueryOptions: Sendable, Hashable {
    /// The RD bit.
    package var recursionDesired: Bool
    /// The UDP payload size of an OPT record; `nil` sends none (RFC 6891).
    package var ednsPayloadSize: UInt16?
    /// The DO bit; needs an OPT record, so one of 1,232 octets is added when no size is given.
    package var dnssecOK: Bool

    /// RD set and no EDNS unless given otherwise.
    package init(recursionDesired: Bool = true, ednsPayloadSize: UInt16? = nil, dnssecOK: Bool = false) {
        self.recursionDesired = recursionDesired
        self.ednsPayloadSize = ednsPayloadSize
        self.dnssecOK = dnssecOK
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
