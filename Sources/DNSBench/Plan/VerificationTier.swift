/// How closely answers are looked at.
package enum VerificationTier: String, Sendable, Hashable, CaseIterable {
    /// The socket and the id; what peers do.
    case id
    /// The question besides.
    case question
    /// The whole answer besides: its structure, and what the workload expects of rcode, TTLs, records and cookie.
    case answer
}
