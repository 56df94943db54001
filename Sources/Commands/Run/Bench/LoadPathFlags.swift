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

    @Flag(
        help: ArgumentHelp(
            "UDP: send equal lengths as one packet that the kernel cuts up.",
            discussion: "A stress mode: it costs the network stack less than real clients would."
        )
    )
    var segmentationOffload = false

    @Flag(help: "UDP: ask again over TCP when an answer is truncated, as stub resolvers do.")
    var retryTruncated = false

    @Option(help: ArgumentHelp("TCP: queries in flight on one connection at most.", valueName: "count"))
    var pipeline: Int?

    @Option(help: ArgumentHelp("TCP: replace a connection after this many queries.", valueName: "count"))
    var queriesPerConnection: Int?

    @Option(
        help: ArgumentHelp(
            "Send from these addresses in turn; they must be this host's. Repeatable.",
            valueName: "address/length"
        )
    )
    var source: [String] = []

    @Option(help: ArgumentHelp("Send from these ports in turn, such as 20000-20999.", valueName: "low-high"))
    var sourcePorts: String?

    @Option(
        help: ArgumentHelp(
            "Send from this network namespace: a name of ip netns, or the id of a process such as a pod's.",
            valueName: "name|pid"
        )
    )
    var netns: String?

    @Flag(help: "Sleep until queries are due and never spin, on a node whose CPUs belong to others.")
    var lowCPU = false

    @Option(
        help: ArgumentHelp(
            "UDP: the receive buffer of each socket; what overflows it is the generator's loss.",
            valueName: "octets"
        )
    )
    var receiveBuffer: Int?

    @Flag(help: "Measure first, for half a second, what the generator gets from an echo on this machine.")
    var calibrate = false

    func validate() throws { try DurationFlag.check(timeout, of: "--timeout") }

    /// The keys of the load step.
    var stepLines: [String] {
        var lines = [
            "transport: \(transport.rawValue)", "timeout: \(timeout)", "connections: \(connections)",
            "threads: \(threads)",
        ]
        if segmentationOffload { lines.append("segmentation-offload: true") }
        if retryTruncated { lines.append("retry-truncated: true") }
        if let pipeline { lines.append("pipeline: \(pipeline)") }
        if let queriesPerConnection { lines.append("queries-per-connection: \(queriesPerConnection)") }
        if !source.isEmpty { lines.append("source: [\(source.map(ScenarioText.quoted).joined(separator: ", "))]") }
        if let sourcePorts { lines.append("source-ports: \(ScenarioText.quoted(sourcePorts))") }
        if let netns { lines.append("netns: \(ScenarioText.quoted(netns))") }
        if let receiveBuffer { lines.append("receive-buffer: \(receiveBuffer)") }
        if calibrate { lines.append("calibrate: true") }
        if lowCPU { lines.append("low-cpu: true") }
        return lines
    }
}

extension DNSBench.LoadTransport: ExpressibleByArgument {}
