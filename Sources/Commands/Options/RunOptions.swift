import ArgumentParser
import Harness

/// What all measuring commands share.
struct RunOptions: ParsableArguments {
    @Option(help: "The seed of everything that is drawn; a random one is taken, and told, if none is given.")
    var seed: UInt64?

    @Option(
        help: ArgumentHelp("Write result.json and report.html into a new folder below this one.", valueName: "folder")
    )
    var resultsDir: String?

    @Flag(help: "Judge by the requirements alone; no deviation is known, nothing inconclusive is passed over.")
    var strict = false

    @Flag(help: "Read and check data files, print the resolved plan, and send nothing.")
    var dryRun = false

    /// The seed in force.
    var resolvedSeed: UInt64 { seed ?? UInt64(UInt32.random(in: 1...UInt32.max)) }
}
