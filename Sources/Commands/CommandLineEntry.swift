import ArgumentParser
import Glibc
import Harness
import LinuxNet

/// The process from its arguments to its exit status; everything that fails ends here as one sentence.
package enum CommandLineEntry {
    /// Parses the arguments, runs the command and exits.
    package static func main() async -> Never {
        SignalWatch.ignoreBrokenPipes()
        let arguments = normalised(Array(CommandLine.arguments.dropFirst()))
        do {
            var command = try NLDNS.parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            exit(ExitStatus.pass.rawValue)
        } catch let failure as Failure {
            if !failure.message.isEmpty { Output.message("nldns: \(failure.message)") }
            exit(failure.status.rawValue)
        } catch let error where NLDNS.exitCode(for: error) == .success || error is ExitCode {
            NLDNS.exit(withError: error)
        } catch let error as CleanExit {
            NLDNS.exit(withError: error)
        } catch {
            guard let failure = Failure(translating: error) else { NLDNS.exit(withError: error) }
            Output.message("nldns: \(failure.message)")
            exit(failure.status.rawValue)
        }
    }

    /// Gives a bare `--lab` its default topology and a bare `--explain` its default subject, so that both are one word.
    static func normalised(_ arguments: [String]) -> [String] {
        var isOption = true
        return arguments.indices.map { place in
            let argument = arguments[place]
            if argument == "--" { isOption = false }
            guard isOption else { return argument }
            if argument == "--lab" { return "--lab=ipvs" }
            let isLast = place + 1 == arguments.count || arguments[place + 1].hasPrefix("-")
            return argument == "--explain" && isLast ? "--explain=\(CheckCommand.explainsFailures)" : argument
        }
    }
}
