/// The scenario of a run.
package struct ScenarioRecord: Codable, Sendable, Equatable {
    /// Its id.
    package var id: String
    /// SHA-256 of the resolved scenario, in hexadecimal; runs with different hashes are not compared.
    package var sha256: String
    /// The scenario with every default written out.
    package var resolved: JSONValue?

    /// Names a scenario.
    package init(id: String, sha256: String, resolved: JSONValue? = nil) {
        self.id = id
        self.sha256 = sha256
        self.resolved = resolved
    }
}
