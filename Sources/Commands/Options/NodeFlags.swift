import ArgumentParser
import DNSWire
import Harness

extension DNSName: ExpressibleByArgument {
    package init?(argument: String) {
        guard let name = try? DNSName(argument) else { return nil }
        self = name
    }
}

extension IPAddress: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument) }
}

extension Endpoint: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument, defaultPort: 53) }
}

/// What is known of the node and its Corefile.
struct NodeFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp("The Corefile in force; the seed's stands in for it if none is given.", valueName: "path")
    )
    var corefile: String?

    @Option(
        help: ArgumentHelp(
            "Address of a cluster DNS pod, as it shows on the wire of an IPVS node; repeatable.",
            valueName: "address"
        )
    )
    var endpoint: [IPAddress] = []

    /// The facts for a run on the node.
    var facts: NodeFacts {
        var facts = NodeFacts()
        facts.corefilePath = corefile
        facts.endpoints = endpoint
        return facts
    }

    /// The text of the Corefile for a lab, or nil.
    func labCorefile() throws -> String? {
        try corefile.map { try TextFile.read($0, what: "the Corefile") }
    }
}
