import ArgumentParser
import DNSBench
import Scenario

/// What `nldns bench` asks, and how closely it looks at answers.
struct QuestionFlags: ParsableArguments {
    @OptionGroup var source: WorkloadFlags

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
        if cookie, ednsOption.contains(where: { EDNSOption($0)?.code == EDNSOption.cookieCode }) {
            throw ValidationError("--cookie and --edns-option 10 are two cookies; give one of them.")
        }
        if source.binaryData != nil {
            for (flag, isGiven) in [
                ("--edns", edns != nil), ("--do", dnssecOK), ("--cd", checkingDisabled), ("--ad", authenticData),
                ("--no-rd", noRecursion), ("--popularity", popularity != nil), ("--miss-rate", missRate != nil),
                ("--edns-option", !ednsOption.isEmpty), ("--cookie", cookie),
            ] where isGiven {
                throw ValidationError("\(flag) changes nothing in --binary-data, whose messages are sent as they are.")
            }
        }
    }

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
