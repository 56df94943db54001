/// The program that wrote a result.
package struct ToolRecord: Codable, Sendable, Equatable {
    /// The name of the program.
    package var name: String
    /// Its version.
    package var version: String
    /// The commit it was built from; `unknown` when it was not built from a checkout.
    package var commit: String
    /// `release` or `debug`; figures of a debug build are no measurement.
    package var build: String

    /// Describes a program; `build` is how this target was compiled unless given.
    package init(name: String = "nldns", version: String, commit: String = "unknown", build: String = compiledBuild) {
        self.name = name
        self.version = version
        self.commit = commit
        self.build = build
    }

    /// How this target was compiled.
    package static var compiledBuild: String {
        #if DEBUG
        "debug"
        #else
        "release"
        #endif
    }
}
