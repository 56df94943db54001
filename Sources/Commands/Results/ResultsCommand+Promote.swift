import ArgumentParser
import Harness
import LinuxNet
import Results

extension ResultsCommand {
    /// `nldns results promote`: makes a result the one that later ones are held against.
    struct Promote: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a result the baseline of its class of machines and its scenario.",
            discussion: """
                The baseline goes to FOLDER/CLASS/SCENARIO.json and records who promoted it, why, when, and at which commit. \
                The class is architecture, processors, kernel line and the start of the machine's fingerprint. Only a complete \
                run that passed is taken.

                  nldns results promote result.json --reason "node-cache 1.26.7 is in production"

                Exit 0: promoted. Exit 1: the result failed. Exit 2: it has no verdict, no scenario or no load. Exit 65: it is \
                damaged, or contradicts itself. Exit 66: no such file. Exit 73, 74: the baseline cannot be written.
                """
        )

        @Argument(help: "The path of a result.json.")
        var result: String

        @Option(help: "Why this result is the reference from now on.")
        var reason: String

        @Option(help: "Who says so; git's user.name and user.email if not given.")
        var by: String?

        @Option(help: ArgumentHelp("The folder of baselines.", valueName: "folder"))
        var baselines = BaselineStore.defaultFolder

        func validate() throws {
            guard reason.contains(where: { !$0.isWhitespace }) else {
                throw ValidationError("--reason says nothing; whoever asks in a year wants to know why.")
            }
        }

        func run() throws {
            let octets = try DurableFile.read(result)
            let document = try ResultDocument(json: octets, path: result)
            guard let author = by ?? WorkingTree.author, author.contains(where: { !$0.isWhitespace }) else {
                throw Failure(.usage, "git knows no user.name here; say who promotes: --by NAME")
            }
            let promotion = PromotionRecord(
                by: author,
                reason: reason,
                at: Timestamp(realtimeNanoseconds: Clock.realtimeNanoseconds()),
                commit: WorkingTree.commit,
                sourceSHA256: SHA256.hexadecimal(of: octets)
            )
            do {
                let (path, replaced) = try BaselineStore(folder: baselines).promote(document, promotion)
                try Output.result("\(path)\n")
                if let before = replaced?.promotion {
                    Output.message("It replaces the one that \(before.by) promoted at \(before.at): \(before.reason)")
                }
            } catch let error as BaselineError {
                throw Failure(Self.status(error), "\(result) \(error)")
            }
        }

        private static func status(_ error: BaselineError) -> ExitStatus {
            switch error {
            case .failed: .fail
            case .noScenario, .noLoad, .noVerdict: .noVerdict
            case .inconsistent: .badInput
            }
        }
    }
}
