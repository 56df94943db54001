package import DNSWire

/// One packet filter rule, as far as it concerns queries to the cache.
package struct PacketRule: Sendable, Hashable {
    /// What a rule does with a packet that it matches.
    package enum Verdict: Sendable, Hashable {
        /// Connection tracking passes over the packet.
        case notrack
        /// The packet goes on; nothing behind it in the chain sees it.
        case accept
        /// The packet ends here, with or without a word to the sender.
        case drop
        /// The chain of that name goes on, and may come back.
        case jump(String)
        /// The chain ends.
        case leave
        /// The destination is rewritten.
        case rewrite
        /// Something else, after which the next rule follows.
        case next
    }

    /// What it does.
    package var verdict = Verdict.next
    /// The IP protocol that it asks for.
    package var transport: UInt8?
    /// The source that it asks for.
    package var source: LocalAddressTable.Prefix?
    /// The destination that it asks for.
    package var destination: LocalAddressTable.Prefix?
    /// The source port that it asks for.
    package var sourcePort: ClosedRange<UInt16>?
    /// The destination port that it asks for.
    package var destinationPort: ClosedRange<UInt16>?
    /// True when it asks for more, such as marks, interfaces or sets, which is not judged here.
    package var hasOtherConditions = false

    /// A rule that matches everything and does nothing.
    package init() {}

    /// True when a packet of this flow can meet the rule; what the flow leaves open is taken as fitting.
    package func mayMatch(_ flow: PacketFlow) -> Bool {
        if let transport, transport != flow.transport { return false }
        if let source, let address = flow.source, !source.contains(address) { return false }
        if let destination, let address = flow.destination, !destination.contains(address) { return false }
        if let sourcePort, let port = flow.sourcePort, !sourcePort.contains(port) { return false }
        if let destinationPort, let port = flow.destinationPort, !destinationPort.contains(port) { return false }
        return true
    }

    /// True when the rule asks for this flow and for nothing else.
    package func isExactly(_ flow: PacketFlow) -> Bool {
        transport == flow.transport && !hasOtherConditions && source == flow.source.map(Self.single)
            && destination == flow.destination.map(Self.single)
            && sourcePort == flow.sourcePort.map { $0...$0 }
            && destinationPort == flow.destinationPort.map { $0...$0 }
    }

    /// True when every packet of this flow meets the rule.
    package func surelyMatches(_ flow: PacketFlow) -> Bool {
        guard mayMatch(flow), !hasOtherConditions else { return false }
        return (source == nil || flow.source != nil) && (destination == nil || flow.destination != nil)
            && (sourcePort == nil || flow.sourcePort != nil)
            && (destinationPort == nil || flow.destinationPort != nil)
    }

    private static func single(_ address: IPAddress) -> LocalAddressTable.Prefix {
        LocalAddressTable.Prefix(address: address, length: address.isIPv4 ? 32 : 128)
    }
}

/// The packets that a rule of node-cache is for.
package struct PacketFlow: Sendable, Hashable {
    /// The IP protocol: 6 for TCP, 17 for UDP.
    package var transport: UInt8
    /// The source, or nil for any.
    package var source: IPAddress?
    /// The destination, or nil for any.
    package var destination: IPAddress?
    /// The source port, or nil for any.
    package var sourcePort: UInt16?
    /// The destination port, or nil for any.
    package var destinationPort: UInt16?
}

extension PacketFlow: CustomStringConvertible {
    /// `TCP to 169.254.20.10 port 53`.
    package var description: String {
        let name = transport == 6 ? "TCP" : "UDP"
        if let destination { return "\(name) to \(destination) port \(destinationPort ?? 0)" }
        return "\(name) from \(source.map(\.description) ?? "?") port \(sourcePort ?? 0)"
    }
}
