import CBuildInfo
package import Results

/// What is known of this build.
package enum BuildInfo {
    /// The version of the program.
    package static let version = "0.1.0"

    /// The record for result documents.
    package static var tool: ToolRecord {
        ToolRecord(version: version, commit: String(cString: cbuildinfo_commit()))
    }
}
