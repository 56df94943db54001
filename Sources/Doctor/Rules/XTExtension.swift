import LinuxNet

/// The ports that the xtables matches `tcp` and `udp` ask for: `spts[2]`, `dpts[2]`, then for TCP option, mask and
/// flags, and last what is inverted (linux/netfilter/xt_tcpudp.h).
struct XTMatch {
    private let sourcePort: ClosedRange<UInt16>
    private let destinationPort: ClosedRange<UInt16>
    private let isPlain: Bool

    /// Reads the structure; nil when it is too short.
    init?(ports info: ArraySlice<UInt8>, isTCP: Bool) {
        let length = isTCP ? 12 : 9
        guard info.count >= length else { return nil }
        let ports = stride(from: 0, to: 8, by: 2).map { NetlinkBytes.half(info, at: $0) }
        guard ports[0] <= ports[1], ports[2] <= ports[3] else { return nil }
        sourcePort = ports[0]...ports[1]
        destinationPort = ports[2]...ports[3]
        isPlain = info.dropFirst(8).prefix(length - 8).allSatisfy { $0 == 0 }
    }

    /// Adds what the match asks for to a rule.
    func apply(to rule: inout PacketRule) {
        if sourcePort != 0...UInt16.max { rule.sourcePort = sourcePort }
        if destinationPort != 0...UInt16.max { rule.destinationPort = destinationPort }
        if !isPlain { rule.hasOtherConditions = true }
    }
}

/// The xtables targets that decide something.
enum XTTarget {
    /// What a target does; `CT` and `NOTRACK` begin with 16 bits of which the lowest says notrack (xt_CT.h).
    static func verdict(_ name: String, _ info: ArraySlice<UInt8>) -> PacketRule.Verdict {
        switch name {
        case "NOTRACK": .notrack
        case "CT": NetlinkBytes.half(info, at: 0) & 1 == 1 ? .notrack : .next
        case "REJECT": .drop
        case "DNAT", "REDIRECT": .rewrite
        default: .next
        }
    }
}
