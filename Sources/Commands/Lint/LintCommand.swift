import ArgumentParser
import Doctor
import Harness
import Report
import Results

extension ProxyMode: ExpressibleByArgument {}

/// `nldns lint`: manifests, Corefiles and kubelet files, looked at without running them.
struct LintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Look at manifests, Corefiles and kubelet files, and say what is wrong.",
        discussion: """
            Give the files of one installation together: they are judged as a whole. YAML and JSON, lists, and what \
            kustomize and helm print; a Corefile by itself; a KubeletConfiguration, a kubelet's systemd unit or flags.

              nldns lint nodelocaldns.yaml --proxy-mode ipvs
              kubectl kustomize overlay | nldns lint - -o sarif=lint.sarif
              nldns lint --explain syncinterval-panics

            Exit 0: no error. Exit 1: an error; with --strict a warning as well. Exit 2: nothing in the files is known \
            here. Exit 65: a file is damaged. Exit 66: a file is missing.
            """
    )

    /// What `--kind` takes.
    enum Kind: String, CaseIterable, ExpressibleByArgument {
        case auto, manifest, corefile, kubelet
    }

    @Argument(help: "Files; - is standard input.")
    var files: [String] = []

    @Option(
        help: ArgumentHelp(
            "How Services work in the cluster: ipvs, iptables, nftables or ebpf; what kube-proxy's configuration among the files says if not given.",
            valueName: "mode"
        )
    )
    var proxyMode: ProxyMode?

    @Option(help: ArgumentHelp("What the files are: auto, manifest, corefile or kubelet.", valueName: "kind"))
    var kind = Kind.auto

    @Flag(help: "A warning fails as an error does.")
    var strict = false

    @Flag(help: "List the rules and do nothing.")
    var list = false

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Explain these rules and look at no file.", valueName: "id")
    )
    var explain: [String] = []

    @OptionGroup(title: "Output") var output: LintOutput

    func validate() throws {
        guard list || !explain.isEmpty || !files.isEmpty else {
            throw ValidationError("name a file, or - for standard input")
        }
    }

    func run() throws {
        if !explain.isEmpty { return try printExplanations() }
        if list { return try Output.result(output.json ? LintJSON.rules(Lint.rules) : LintText.rules(Lint.rules)) }
        let read = try files.compactMap { try Self.read($0, kind: LintFile.Kind(rawValue: kind.rawValue)) }
        let subject = try Self.translating { () throws(LintInputError) in
            try LintSubject(files: read, proxyMode: proxyMode)
        }
        guard !subject.isEmpty else {
            throw Failure(
                .noVerdict,
                "\(files.joined(separator: ", ")): no node-cache DaemonSet, no Corefile and no kubelet configuration is in it"
            )
        }
        let result = LintResult(files: read, subject: subject, isStrict: strict)
        try output.emit(result)
        if result.isFailed { throw ExitCode(ExitStatus.fail.rawValue) }
    }

    private func printExplanations() throws {
        let rules = try explain.filter { $0 != CheckCommand.explainsFailures }.map { id in
            guard let rule = Lint.rule(id) else {
                throw Failure(.usage, "there is no rule \"\(id)\"\(LintText.suggestion(for: id))")
            }
            return rule
        }
        guard !rules.isEmpty else {
            throw Failure(.usage, "--explain needs the id of a rule; nldns lint --list has them")
        }
        try Output.result(
            output.json ? LintJSON.rules(rules) : rules.map(LintText.explanation).joined(separator: "\n")
        )
    }

    private static func read(_ path: String, kind: LintFile.Kind?) throws -> LintFile? {
        let text = try TextFile.read(path == "-" ? "/dev/stdin" : path, what: "the file")
        return try translating { () throws(LintInputError) in
            try LintFile.read(text, name: path == "-" ? "stdin" : path, kind: kind)
        }
    }

    private static func translating<Value>(_ body: () throws(LintInputError) -> Value) throws(Failure) -> Value {
        do {
            return try body()
        } catch {
            throw Failure(.badInput, DisplayText.clean(error.description))
        }
    }
}
