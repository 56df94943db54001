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

    fileprivate static var words: [String] { ["nldns"] + CommandLine.arguments.dropFirst() }

    /// Prints a capture as the options say.
    fileprivate static func show(_ document: ResultDocument, source: String, _ output: OutputOptions) throws {
        guard !output.json, !output.output.contains(where: \.isStandardOutput) else { return try output.emit(document) }
        try Output.result(text(document, source: source))
        try output.write(document)
    }

    /// Writes the frames of all findings, and says how many.
    fileprivate static func writeEvidence(_ sources: [EvidenceSource], to path: String) throws {
        let tool = "\(BuildInfo.tool.name) \(BuildInfo.tool.version)"
        let outcome = try EvidenceFile.write(sources, origin: EvidenceOrigin(tool: tool, command: words), to: path)
        let missing = outcome.missing > 0 ? "; \(outcome.missing) of those cited are not in the capture" : ""
        Output.message("\(outcome.frames) frames of evidence are in \(path)\(missing).")
    }

    /// A capture in words.
    fileprivate static func text(_ document: ResultDocument, source: String) -> String {
        let notes = (document.notes ?? []).map { "Note: \($0)\n" }.joined()
        let span = TerminalCapture.span(from: document.started, to: document.ended)
        return
            (document.capture.map {
                TerminalCapture.text($0, source: "\(source), \(span)", unicode: Output.allowsUnicode)
            } ?? "") + notes
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

        @Option(help: ArgumentHelp("Only questions below this zone; repeatable.", valueName: "name"))
        var zone: [DNSName] = []

        @Option(help: ArgumentHelp("Only questions for this name; repeatable.", valueName: "name"))
        var name: [DNSName] = []

        @Option(
            help: ArgumentHelp(
                "Only what this client asks, and what goes upstream for it; repeatable.",
                valueName: "address"
            )
        )
        var client: [IPAddress] = []

        @Option(
            help: ArgumentHelp(
                "Write the frames of all proofs and faults to a pcapng file, each with a comment that says what it shows.",
                valueName: "path"
            )
        )
        var evidence: String?

        /// What the options say, as the facts of a capture.
        func view() throws -> CaptureView {
            try CaptureView(
                listen: listen.isEmpty ? nil : listen,
                clusterDNS: clusterDns.isEmpty ? nil : clusterDns,
                endpoints: facts.endpoint,
                nodeAddresses: node,
                corefilePath: facts.corefile,
                selection: MessageSelection(names: name, zones: zone, clients: Set(client)),
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
            discussion: """
                Several files are one capture, joined in the order of time: rotated ones, or one of each interface. A \
                damaged file gives what was read before the damage, and exit code 65.
                """
        )

        @Argument(help: "Paths of capture files.")
        var files: [String]

        @OptionGroup(title: "Roles") var roles: Roles
        @OptionGroup(title: "Output") var output: OutputOptions

        func run() async throws {
            let view = try roles.view()
            let progress = ProgressReporter(isQuiet: output.quiet)
            let source = files.count == 1 ? files[0] : "\(files.count) files"
            // The size of a pipe is not known, and then there is nothing to compare with.
            let sizes = files.compactMap(FileSize.octets)
            let size = sizes.count == files.count ? sizes.reduce(0, +) : nil
            if size != nil { progress.begin(source) }
            let result = try CaptureFile.read(paths: files, options: view.options) { octets in
                if let size { progress.update(Double(octets) / Double(max(size, 1)), "\(octets >> 20) MiB") }
            }
            if size != nil { progress.end("\(result.report.packets) packets") }
            let document = view.document(result, command: CaptureCommand.words)
            if let path = roles.evidence {
                let sources = EvidenceSource.sources(of: result.files, findings: view.findings(result))
                try CaptureCommand.writeEvidence(sources, to: path)
            }
            try CaptureCommand.show(document, source: source, output)
            let damage = result.files.compactMap { file in file.damage.map { "\(file.path): \($0)" } }
            if !damage.isEmpty { throw Failure(.badInput, damage.joined(separator: "\n")) }
            throw ExitCode(VerdictRule.exitStatus(document).rawValue)
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
            // The frames of evidence are looked up in what was written; without --write that file is for the moment.
            let spool = write == nil ? roles.evidence.map { "\($0).frames" } : nil
            settings.writePath = write ?? spool
            defer { if let spool { unlink(spool) } }
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
            let document = view.document(result, command: CaptureCommand.words)
            if let path = roles.evidence, let frames = settings.writePath {
                let found = EvidenceSource(
                    path: frames,
                    findings: view.findings(result),
                    interfaceName: interface.count == 1 ? interface[0] : nil,
                    interfaceNames: result.interfaceNames
                )
                try CaptureCommand.writeEvidence([found], to: path)
            }
            try CaptureCommand.show(document, source: source, output)
            if let failure = capture.failure { throw Failure(.bug, "the capture ended by itself: \(failure)") }
            // Without a time, Ctrl-C is the ordinary end.
            if let signal = signals.received, length != nil {
                throw Failure(signal == SIGTERM ? .terminated : .interrupted, "interrupted; what was captured is shown")
            }
            throw ExitCode(VerdictRule.exitStatus(document).rawValue)
        }
    }
}
