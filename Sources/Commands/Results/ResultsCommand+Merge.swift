import ArgumentParser
import Harness
import Results

extension ResultsCommand {
    /// `nldns results merge`: one result out of those of many nodes.
    struct Merge: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add the results of many nodes up, and name the nodes that stand out.",
            discussion: """
                Histograms and counters are added, and percentiles are read off the sum: percentiles themselves are never \
                averaged. A check or proof counts as on the node where it stands worst. What cannot be added (series, \
                comparisons, searches, lookups, gates) is left out; judge the sum with nldns gate.

                A node stands out when a figure of it has a modified z-score above 3.5 among at least five nodes (Iglewicz \
                and Hoaglin 1993), and lies farther from their median than a comparison would tolerate.

                  nldns results merge node-a=a/result.json node-b=b/result.json -o json=fleet.json

                Exit 0: added up. Exit 2: the results are of different scenarios, or hold nothing to add. Exit 65: a result is \
                damaged, or contradicts itself. Exit 66: there is no such file.
                """
        )

        @Argument(
            help: ArgumentHelp("At least two results; a name before the path names the node.", valueName: "[name=]path")
        )
        var results: [String]

        @OptionGroup(title: "Output") var output: OutputOptions

        func run() throws {
            let inputs = try results.map { argument in
                let (name, path) = Self.split(argument)
                let document = try ResultDocument.read(path)
                if let finding = ResultVerification.findings(in: document).first {
                    throw Failure(.badInput, "\(path) contradicts itself, so nothing is added: \(finding)")
                }
                return ResultMerge.Input(name: name, document: document)
            }
            try output.emit(try ResultMerge.merge(inputs, command: ["nldns", "results", "merge"] + results))
        }

        /// `NAME=PATH`, or a path that is its own name.
        static func split(_ argument: String) -> (name: String, path: String) {
            guard let equals = argument.firstIndex(of: "="), equals != argument.startIndex,
                !argument[..<equals].contains("/")
            else { return (argument, argument) }
            return (String(argument[..<equals]), String(argument[argument.index(after: equals)...]))
        }
    }
}
