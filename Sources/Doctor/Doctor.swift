package import LinuxNet

/// Looks at a node without changing it.
package enum Doctor {
    /// Looks at the node for the time of its window and judges what was found, in the order of ``FindingID``.
    ///
    /// It sends a few queries to the cache and the cluster DNS, fetches two pages and reads /proc; it never writes.
    /// When `stop` is raised it ends early, and what was not read is skipped.
    package static func examine(_ context: DoctorContext, stop: StopFlag) async -> [Finding] {
        do {
            return Diagnosis(facts: try await NodeExamination(context: context, stop: stop).run()).findings
        } catch {
            return FindingID.allCases.map { Finding($0, .skip, read: "the node could not be looked at: \(error)") }
        }
    }
}
