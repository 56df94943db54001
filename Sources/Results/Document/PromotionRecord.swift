/// Who made a result the baseline of its class of machines, and why.
package struct PromotionRecord: Codable, Sendable, Equatable {
    /// Who did it.
    package var by: String
    /// Why.
    package var reason: String
    /// When.
    package var at: Timestamp
    /// The commit of the tree that it was done in; absent outside one.
    package var commit: String?
    /// SHA-256 of the result's file as it was promoted, in hexadecimal.
    package var sourceSHA256: String

    /// Records a promotion.
    package init(by: String, reason: String, at: Timestamp, commit: String?, sourceSHA256: String) {
        self.by = by
        self.reason = reason
        self.at = at
        self.commit = commit
        self.sourceSHA256 = sourceSHA256
    }

    enum CodingKeys: String, CodingKey {
        case by, reason, at, commit
        case sourceSHA256 = "source_sha256"
    }
}
