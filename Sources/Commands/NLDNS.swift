import ArgumentParser
import Harness
import Results

/// The root command.
struct NLDNS: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nldns",
        abstract: "Verifies and measures NodeLocal DNSCache.",
        discussion: """
            Asks the node's cache (169.254.20.10) and the cluster DNS, captures what the cache sends upstream, proves \
            force_tcp and caching, checks conformance, compares latencies, and says pass, fail or cannot tell.

            To see it work on this machine, without a cluster:  nldns run pre-rollout --lab

            Exit codes: 0 passed; 1 a check, proof, gate or lint rule fell; 2 no verdict possible; 64 usage; 65 bad input; \
            66 input missing; 69 target unreachable; 73, 74 output; 77 privilege missing; 78 bad scenario; \
            130, 143 interrupted.
            """,
        version: "nldns \(BuildInfo.version) (\(BuildInfo.tool.commit), \(BuildInfo.tool.build))",
        subcommands: [
            RunCommand.self, CheckCommand.self, BenchCommand.self, ABCommand.self, AACommand.self,
            CaptureCommand.self, DoctorCommand.self, LintCommand.self,
            GateCommand.self, ReportCommand.self, ResultsCommand.self, ScenarioCommand.self, LabCommand.self,
            LabRoleCommand.self,
        ]
    )
}
