import ArgumentParser
import DNSBench

/// How the queries of `nldns bench` travel.
struct LoadPathFlags: ParsableArguments {
    @Option(help: "How queries travel: udp or tcp.")
    var transport: DNSBench.LoadTransport = .udp

    @Option(help: "Sockets or TCP connections over all threads.")
    var connections: Int = 8

    @Option(help: "Sending threads.")
    var threads: Int = 1

    @Option(help: ArgumentHelp("After how long a query counts as lost.", valueName: "time"))
    var timeout: String = "5s"

    func validate() throws { try DurationFlag.check(timeout, of: "--timeout") }

    /// The keys of the load step.
    var stepLines: [String] {
        [
            "transport: \(transport.rawValue)", "timeout: \(timeout)", "connections: \(connections)",
            "threads: \(threads)",
        ]
    }
}

extension DNSBench.LoadTransport: ExpressibleByArgument {}
