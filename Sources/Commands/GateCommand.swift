import ArgumentParser
import Harness
import Report
import Results

/// `nldns gate`: whether a stored result may pass.
struct GateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gate",
        abstract: "Judge a stored result: its scenario's gates, its own comparison, a baseline.",
        discussion: """
            The run itself must be complete, with no check failed and no proof violated. Then its scenario's gates must hold, \
            no metric that its own paired comparison rests on may have regressed, and with --baseline no figure may be worse \
            than that of a result that was promoted on the same class of machines. History is advice and closes nothing.

              nldns gate result.json
              nldns gate result.json --baseline results/baselines --waivers results/waivers.yaml
              nldns gate selftest

            Exit 0: the gate is open. Exit 1: something fell. Exit 2: nobody can tell, and the gate stays closed: a result \
            that is empty, damaged or contradicts itself, figures that are missing, another class of machines, a baseline that \
            is missing. Exit 64: a bad --gate. Exit 65: gates in the result that cannot be read. Exit 66: no such result. \
            Exit 78: bad waivers.
            """,
        subcommands: [Judge.self, SelfTest.self],
        defaultSubcommand: Judge.self
    )

    struct Judge: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "judge",
            abstract: "Judge a stored result; the word judge may be left out."
        )

        @Argument(help: "The path of a result.json.")
        var result: String

        @Option(
            help: ArgumentHelp(
                "A promoted result, or the folder of them, in which the class of machines and the scenario choose.",
                valueName: "path"
            )
        )
        var baseline: String?

        @Option(help: ArgumentHelp("A YAML file of failures that are accepted until a day.", valueName: "path"))
        var waivers: String?

        @Option(help: ArgumentHelp("A folder of what was measured before, for advice.", valueName: "folder"))
        var history: String?

        @Option(
            help: ArgumentHelp(
                "A gate besides those of the scenario, such as 'cache.p99 <= 2ms'; repeatable.",
                valueName: "expression"
            )
        )
        var gate: [String] = []

        @Flag(help: "A comparison that cannot tell closes the gate, and checks are judged by their requirements alone.")
        var strict = false

        @OptionGroup(title: "Output") var output: OutputOptions

        func run() throws {
            var run = GateRun(result: result)
            run.baseline = baseline
            run.waivers = waivers
            run.history = history
            run.gates = gate
            run.isStrict = strict
            let document = try run.judge()
            for file in output.output { try DurableFile.write(try file.format.render(document), to: file.path) }
            if output.json {
                try Output.result(String(decoding: try document.json(), as: UTF8.self))
            } else {
                let color = Output.allowsColor(output.noColor)
                try Output.result(
                    GateReport.render(document, color: color, width: Output.width, unicode: Output.allowsUnicode)
                )
            }
            throw ExitCode(GateRun.status(document).rawValue)
        }
    }

    struct SelfTest: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "selftest",
            abstract: "Show that the gate closes: judge copies of a result that were made worse or damaged.",
            discussion: """
                Each metric of each gate, of the comparison and of a baseline is made worse in a copy of its own, which must \
                fail; an identical copy must pass; one that is empty, cut, damaged or contradicts itself must give no verdict.

                Exit 0: the gate did as it must for every copy. Exit 1: it did not. Exit 2: the given result does not pass \
                itself. Exit 65, 66: it cannot be read.
                """
        )

        @Argument(help: "The path of a result.json that passes; a made-up one if not given.")
        var result: String?

        func run() throws {
            let document = try result.map { try ResultDocument.read($0) } ?? GateSample.document()
            let rows = try GateSelfTest(of: document).run()
            for row in rows {
                let mark = row.isRight ? "ok   " : "WRONG"
                let wanted = row.isRight ? "" : ", must be \(row.expected.rawValue)"
                try Output.result(
                    "\(mark)  exit \(row.actual.rawValue)\(wanted)  \(row.mutant.filter { !$0.isNewline })\n"
                )
            }
            let wrong = rows.count { !$0.isRight }
            let closed = rows.count { $0.actual != .pass }
            try Output.result(
                wrong == 0
                    ? "\(rows.count) copies judged, \(closed) of them closed the gate, as they must\n"
                    : "\(wrong) of \(rows.count) copies were judged wrongly\n"
            )
            if wrong > 0 { throw ExitCode(ExitStatus.fail.rawValue) }
        }
    }
}
