import ArgumentParser
import Capture
import DNSWire
import Glibc
import Harness
import LinuxNet
import Report
import Results

/// `nldns capture`: what is on the wire, live or from files.
struct CaptureCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capture",
        abstract: "Read DNS off the wire or from capture files, join both sides of the cache, prove.",
        subcommands: [Live.self, Read.self]
    )

    /// A capture in words.
    static func text(_ document: ResultDocument, source: String) -> String {
        let notes = (document.notes ?? []).map { "Note: \($0)\n" }.joined()
        return (document.capture.map { TerminalCapture.text($0, source: source) } ?? "") + notes
    }

    /// Who is who on the wire.
    struct Roles: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "Where the cache listens; repeatable. 169.254.20.10:53 if not given.",
                valueName: "address:port"
            )
        )
        var listen: [Endpoint] = []

        @Option(help: ArgumentHelp("The cluster DNS IP; repeatable. 10.96.0.10 if not given.", valueName: "address"))
        var clusterDns: [IPAddress] = []

        @Option(
            help: ArgumentHelp(
                "An address of the node itself; repeatable. Any sender if not given.",
                valueName: "address"
            )
        )
        var node: [IPAddress] = []

        @OptionGroup var facts: NodeFlags

        @Option(
            help: ArgumentHelp("Proofs to try: force-tcp, cache, or both with a comma.", valueName: "ids"),
            transform: Roles.proofs
        )
        var prove: [String] = []

        /// What the options say, as the facts of a capture.
        func view() throws -> CaptureView {
            try CaptureView(
                listen: listen.isEmpty ? nil : listen,
                clusterDNS: clusterDns.isEmpty ? nil : clusterDns,
                endpoints: facts.endpoint,
                nodeAddresses: node,
                corefilePath: facts.corefile,
                proofs: prove
            )
        }

        private static func proofs(_ text: String) throws -> [String] {
            let ids = text.split(separator: ",").map(String.init)
            for id in ids where !CaptureView.proofIDs.contains(id) {
                throw ValidationError(
                    "There is no proof \"\(id)\"; there are \(CaptureView.proofIDs.joined(separator: ", "))."
                )
            }
            return ids
        }
    }

    struct Read: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read capture files (pcap, pcapng).",
            discussion: "A damaged file gives what was read before the damage, and exit code 65."
        )

        @Argument(help: "Paths of capture files.")
        var files: [String]

        @OptionGroup(title: "Roles") var roles: Roles
        @OptionGroup(title: "Output") var output: OutputOptions

        func run() async throws {
            let view = try roles.view()
            var damage: [String] = []
            for file in files {
                let result = try CaptureFile.read(path: file, options: view.options)
                let document = view.document(
                    result,
                    source: file,
                    command: ["nldns"] + CommandLine.arguments.dropFirst()
                )
                if output.json {
                    try output.emit(document)
                } else {
                    try Output.result(CaptureCommand.text(document, source: file))
                    for copy in output.output { try DurableFile.write(try copy.format.render(document), to: copy.path) }
                }
                if let broken = result.damage { damage.append("\(file): \(broken)") }
            }
            if !damage.isEmpty { throw Failure(.badInput, damage.joined(separator: "\n")) }
        }
    }

    struct Live: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Capture DNS on this node until the time is over or Ctrl-C.",
            discussion: "Needs CAP_NET_RAW. Nothing is sent."
        )

        @Option(
            name: .shortAndLong,
            help: ArgumentHelp("Only this interface; repeatable. All if not given.", valueName: "name")
        )
        var interface: [String] = []

        @Option(help: ArgumentHelp("How long, such as 30s; until Ctrl-C if not given.", valueName: "time"))
        var duration: String?

        @Option(help: ArgumentHelp("Write the frames to a pcap file.", valueName: "path"))
        var write: String?

        @OptionGroup(title: "Roles") var roles: Roles
        @OptionGroup(title: "Output") var output: OutputOptions

        func validate() throws {
            if let duration, CaptureView.nanoseconds(duration) == nil {
                throw ValidationError("--duration takes a number with a unit, such as 30s, not \"\(duration)\".")
            }
        }

        func run() async throws {
            let view = try roles.view()
            let stop = StopFlag()
            let signals = try SignalWatch(stop: stop) { Glibc.exit(128 + $0) }
            var settings = LiveSettings()
            settings.writePath = write
            let capture = try LiveCapture(
                interfaces: interface,
                options: view.options,
                settings: settings
            )
            try capture.start()
            let progress = ProgressReporter(isQuiet: output.quiet)
            progress.begin("capture")
            let length = duration.flatMap(CaptureView.nanoseconds)
            let start = Clock.monotonicNanoseconds()
            while !stop.isRaised, capture.failure == nil {
                let elapsed = Clock.monotonicNanoseconds() - start
                if let length, elapsed >= length { break }
                let report = capture.report
                progress.update(
                    length.map { Double(elapsed) / Double($0) } ?? 0,
                    "\(report.packets) packets, \(report.messages.messages) messages, \(report.drops) dropped"
                )
                try await Task.sleep(nanoseconds: 50_000_000)
            }
            let result = try capture.stop()
            progress.end("\(result.report.packets) packets")
            let source = interface.isEmpty ? "all interfaces" : interface.joined(separator: ", ")
            let document = view.document(result, source: source, command: ["nldns"] + CommandLine.arguments.dropFirst())
            if output.json {
                try output.emit(document)
            } else {
                try Output.result(CaptureCommand.text(document, source: source))
                for copy in output.output { try DurableFile.write(try copy.format.render(document), to: copy.path) }
            }
            if let failure = capture.failure { throw Failure(.bug, "the capture ended by itself: \(failure)") }
            // Without a time, Ctrl-C is the ordinary end.
            if let signal = signals.received, length != nil {
                throw Failure(signal == SIGTERM ? .terminated : .interrupted, "interrupted; what was captured is shown")
            }
            throw ExitCode(VerdictRule.exitStatus(document).rawValue)
        }
    }
}
