/// Whether a run came to its end, and whether its figures may be believed.
package enum RunStatus: String, Codable, Sendable, CaseIterable {
    /// It ran to its end.
    case complete
    /// It was interrupted; what is there was measured before.
    case aborted
    /// The generator itself fell behind or dropped packets: the figures say more about it than about the target.
    case invalid
}
