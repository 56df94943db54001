/// Why something could not be done to the lab.
package enum LabActError: Error, Sendable, Hashable {
    /// This cache or this lab does not know the act; the check is skipped.
    case notApplicable(String)
    /// It should have worked; the check is an error.
    case failed(String)
}

/// How checks reach the lab around the target; whoever runs checks in a lab fills it.
package struct LabControl: Sendable {
    /// Does it and returns when it is done; gives the Corefile in force when that has changed.
    package var perform: @Sendable (LabAct) async throws(LabActError) -> String?
    /// Puts everything back as it was before the first act, and waits until the cache answers.
    package var restore: @Sendable () async throws(LabActError) -> Void

    package init(
        perform: @escaping @Sendable (LabAct) async throws(LabActError) -> String?,
        restore: @escaping @Sendable () async throws(LabActError) -> Void
    ) {
        self.perform = perform
        self.restore = restore
    }
}
