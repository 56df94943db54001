import Results
package import Scenario

extension WorkloadPlan {
    /// Its name and the beginning of a digest of all that it asks.
    package var digest: String {
        "\(name) \(SHA256.hexadecimal(of: Array(resolved.json.utf8)).prefix(12))"
    }
}
