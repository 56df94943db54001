import ArgumentParser
import DNSBench
import Scenario

/// What `nldns bench` asks, and how closely it looks at answers.
struct QuestionFlags: ParsableArguments {
    @Option(help: ArgumentHelp("Questions in dnsperf's format, a name and a type a line.", valueName: "file"))
    var data: String?

    @Option(help: ArgumentHelp("Whole messages, each behind its length in two octets.", valueName: "file"))
    var binaryData: String?

    @Option(help: ArgumentHelp("A workload by name: kubernetes.", valueName: "name"))
    var workload: String?

    @Option(
        help: ArgumentHelp(
            "Ask for the Services of a cluster: what kubectl get services,endpointslices -A -o json prints.",
            valueName: "file"
        )
    )
    var serviceList: String?

    @Option(help: ArgumentHelp("Ask for these names: PART NAME a line, or a Service's name alone.", valueName: "file"))
    var names: String?

    @Option(
        help: ArgumentHelp(
            "How often each question is asked: sequential, weighted, uniform or zipf:EXPONENT.",
            valueName: "way"
        )
    )
    var popularity: String?

    @Option(
        help: ArgumentHelp(
            "Give this share of the queries a name of its own, which no cache knows, such as 10%.",
            valueName: "share"
        )
    )
    var missRate: String?

    @Option(help: ArgumentHelp("Add an OPT record with this UDP payload size.", valueName: "octets"))
    var edns: UInt16?

    @Flag(name: .customLong("do"), help: "Set the DO bit.")
    var dnssecOK = false

    @Flag(name: .customLong("cd"), help: "Set the CD bit.")
    var checkingDisabled = false

    @Flag(name: .customLong("ad"), help: "Set the AD bit.")
    var authenticData = false

    @Flag(name: .customLong("no-rd"), help: "Clear the RD bit.")
    var noRecursion = false

    @Option(help: ArgumentHelp("Add an EDNS option; repeatable.", valueName: "code:hex"))
    var ednsOption: [String] = []

    @Flag(
        help: ArgumentHelp(
            "Send a cookie, and with --verify answer see that it comes back (RFC 7873).",
            discussion: "The server's cookie goes out with all queries behind the answer that brought it."
        )
    )
    var cookie = false

    @Option(
        help: "How closely answers are looked at: id, question, or answer, which also checks what a data file expects."
    )
    var verify: VerificationTier = .question

    func validate() throws {
        let sources = [("--data", data != nil), ("--binary-data", binaryData != nil), ("--workload", workload != nil)]
            .filter(\.1).map(\.0)
        if sources.count > 1 { throw ValidationError("\(sources[0]) and \(sources[1]) exclude each other; give one.") }
        if data != nil || binaryData != nil, serviceList != nil || names != nil {
            throw ValidationError(
                "--service-list and --names give names, and a data file whole questions; give one of them."
            )
        }
        if let workload, workload != WorkloadPlan.kubernetes.name {
            throw ValidationError("There is no workload \"\(workload)\"; there is kubernetes, or give --data FILE.")
        }
        if cookie, ednsOption.contains(where: { EDNSOption($0)?.code == EDNSOption.cookieCode }) {
            throw ValidationError("--cookie and --edns-option 10 are two cookies; give one of them.")
        }
        if binaryData != nil {
            for (flag, isGiven) in [
                ("--edns", edns != nil), ("--do", dnssecOK), ("--cd", checkingDisabled), ("--ad", authenticData),
                ("--no-rd", noRecursion), ("--popularity", popularity != nil), ("--miss-rate", missRate != nil),
                ("--edns-option", !ednsOption.isEmpty), ("--cookie", cookie),
            ] where isGiven {
                throw ValidationError("\(flag) changes nothing in --binary-data, whose messages are sent as they are.")
            }
        }
    }

    /// The scenario's part `workloads`, if one must be defined.
    var workloadLines: [String] {
        if let data { return ["workloads:", "  given: { kind: data-file, file: \(ScenarioText.quoted(data)) }"] }
        if serviceList != nil || names != nil {
            let files = [
                serviceList.map { "services: \(ScenarioText.quoted($0))" },
                names.map { "names-file: \(ScenarioText.quoted($0))" },
            ].compactMap { $0 }
            return ["workloads:", "  given: { \(files.joined(separator: ", ")) }"]
        }
        guard let binaryData else { return [] }
        return ["workloads:", "  given: { kind: binary-data-file, file: \(ScenarioText.quoted(binaryData)) }"]
    }

    /// Whether questions are named; a replay brings its own.
    var namesQuestions: Bool { workload != nil || !workloadLines.isEmpty }

    /// The load step's workload.
    var workloadLine: String { "workload: \(workloadLines.isEmpty ? WorkloadPlan.kubernetes.name : "given")" }

    /// The keys of the load step but the workload.
    var stepLines: [String] {
        var lines: [String] = []
        if let edns { lines.append("edns: \(edns)") }
        if dnssecOK { lines.append("do: true") }
        if checkingDisabled { lines.append("cd: true") }
        if authenticData { lines.append("ad: true") }
        if noRecursion { lines.append("rd: false") }
        if !ednsOption.isEmpty {
            lines.append("edns-options: [\(ednsOption.map(ScenarioText.quoted).joined(separator: ", "))]")
        }
        if let popularity { lines.append("popularity: \(ScenarioText.quoted(popularity))") }
        if let missRate { lines.append("miss-rate: \(ScenarioText.quoted(missRate))") }
        if cookie { lines.append("cookie: true") }
        if verify != .question { lines.append("verify: \(verify.rawValue)") }
        return lines
    }
}

extension VerificationTier: ExpressibleByArgument {}
