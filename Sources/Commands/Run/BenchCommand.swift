import ArgumentParser
import DNSBench
import DNSWire
import Harness
import Lab
import NodeLocal
import Scenario

/// `nldns bench`: load on one target.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure latencies of one target under load.",
        discussion: """
            --rate is an open loop: queries are sent when they are due, whatever the answers do, and latency counts from \
            that moment. --outstanding is a closed window: a query is sent when one is answered; its latencies leave out \
            what a stalled server keeps from being sent.

            Outside the lab, more than 1,000 queries a second, and a closed window at an address that is not loopback, \
            need --allow-load.
            """
    )

    @Option(help: ArgumentHelp("Whom to ask; 169.254.20.10:53 if not given.", valueName: "address:port"))
    var target: Endpoint?

    @Option(help: "How queries travel: udp or tcp.")
    var transport: DNSBench.LoadTransport = .udp

    @Option(help: ArgumentHelp("Questions in dnsperf's format, a name and a type a line.", valueName: "file"))
    var data: String?

    @Option(help: ArgumentHelp("A workload by name: kubernetes.", valueName: "name"))
    var workload: String?

    @Option(
        help: ArgumentHelp(
            "Queries a second over all connections; 1000 unless --outstanding is given.",
            valueName: "qps"
        )
    )
    var rate: Double?

    @Option(help: ArgumentHelp("Queries in flight over all connections.", valueName: "count"))
    var outstanding: Int?

    @Option(help: "Sockets or TCP connections over all threads.")
    var connections: Int = 8

    @Option(help: "Sending threads.")
    var threads: Int = 1

    @Option(help: ArgumentHelp("How long to send, such as 10s or 500ms.", valueName: "time"))
    var duration: String = "10s"

    @Option(help: ArgumentHelp("After how long a query counts as lost.", valueName: "time"))
    var timeout: String = "5s"

    @Flag(help: "Allow load that could harm a server that others use.")
    var allowLoad = false

    @OptionGroup(title: "Lab") var lab: LabFlags
    @OptionGroup(title: "Node") var node: NodeFlags
    @OptionGroup(title: "Run") var options: RunOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    private static let defaultRate = 1000.0

    func validate() throws {
        if data != nil, workload != nil { throw ValidationError("--data and --workload exclude each other; give one.") }
        if rate != nil, outstanding != nil {
            throw ValidationError("--rate and --outstanding exclude each other; give one.")
        }
        if let workload, workload != WorkloadPlan.kubernetes.name {
            throw ValidationError("There is no workload \"\(workload)\"; there is kubernetes, or give --data FILE.")
        }
        for (name, text) in [("--duration", duration), ("--timeout", timeout)]
        where DurationText.nanoseconds(text) == nil {
            throw ValidationError("\(name) takes a number with a unit, such as 10s or 250ms, not \"\(text)\".")
        }
        if let rate, !rate.isFinite || rate <= 0 { throw ValidationError("--rate takes a number above 0.") }
        if let outstanding, outstanding < 1 { throw ValidationError("--outstanding takes 1 or more.") }
    }

    func run() async throws {
        let choice = try TargetChoice(target, isLab: lab.lab != nil)
        try refuseHarm(choice.endpoint.address)
        var text = ScenarioText(
            id: "bench",
            title: "Load on \(choice.endpoint)",
            target: choice.endpoint,
            targetRole: choice.role,
            cluster: nil
        )
        if let data {
            text.add("workloads:", "  given: { kind: data-file, file: \(ScenarioText.quoted(data)) }")
        }
        text.add("steps:", "  - load:", "      target: target")
        text.add("      workload: \(data == nil ? WorkloadPlan.kubernetes.name : "given")")
        text.add("      transport: \(transport.rawValue)")
        if let outstanding {
            text.add("      outstanding: \(outstanding)")
        } else {
            text.add("      rate: \(rate ?? Self.defaultRate)/s")
        }
        text.add("      duration: \(duration)", "      timeout: \(timeout)")
        text.add("      connections: \(connections)", "      threads: \(threads)")
        let plan = try text.plan()
        try await Measurement(plan: plan, run: options, output: output, lab: lab, node: node).perform()
    }

    private func refuseHarm(_ address: IPAddress) throws {
        guard lab.lab == nil, !allowLoad else { return }
        if let rate, rate > Self.defaultRate {
            throw Failure(.usage, "\(rate) queries a second outside the lab need --allow-load; up to 1000 do not")
        }
        if outstanding != nil, !address.isLoopback {
            throw Failure(
                .usage,
                "a closed window at \(address) is as fast as the server lets it be; that needs --allow-load"
            )
        }
    }
}

extension DNSBench.LoadTransport: ExpressibleByArgument {}

extension IPAddress {
    /// 127.0.0.0/8 or ::1.
    var isLoopback: Bool {
        switch self {
        case .v4(let value): value >> 24 == 127
        case .v6(let high, let low): high == 0 && low == 1
        }
    }
}
