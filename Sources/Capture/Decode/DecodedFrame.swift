import DNSWire

/// What the headers of one captured frame say, as plain values; offsets point into the frame's own bytes.
struct DecodedFrame {
    /// The class of a frame; each frame is counted in exactly one.
    enum Kind: UInt8 {
        case notIP, otherProtocol, malformed, fragment, udp, tcp, icmp
    }

    /// Why a frame could not be decoded.
    enum Damage: UInt8, CaseIterable {
        case none, linkHeaderCut, ipHeaderCut, ipHeaderLength, transportHeaderCut, transportLength, extensionChain
    }

    var kind = Kind.notIP
    var damage = Damage.none
    /// Index of its interface, as its link header or else its source tells; 0 when neither does.
    var interfaceIndex: UInt32 = 0
    /// Tells the interfaces of all sources apart; 0 when there is one.
    var tap: UInt64 = 0
    /// True for a cooked v1 or v2 frame, where one packet can be seen on several interfaces.
    var isCooked = false
    var source = IPAddress.v4(0)
    var destination = IPAddress.v4(0)
    var sourcePort: UInt16 = 0
    var destinationPort: UInt16 = 0
    /// IPv4 identification, or the identification of an IPv6 fragment header.
    var identification: UInt32 = 0
    var ipProtocol: UInt8 = 0
    /// First octet of the transport payload (of the IP payload for a fragment).
    var payloadStart = 0
    /// End of the payload, cut by the IP length and by what was captured.
    var payloadEnd = 0
    /// The snapshot length cut octets off this packet.
    var isCut = false
    var fragmentOffset = 0
    var moreFragments = false
    var sequence: UInt32 = 0
    var acknowledgement: UInt32 = 0
    var tcpFlags: TCPFlags = []
}

/// The TCP header flags that matter to reassembly (RFC 9293 section 3.1).
struct TCPFlags: OptionSet {
    let rawValue: UInt8
    static let fin = TCPFlags(rawValue: 0x01)
    static let syn = TCPFlags(rawValue: 0x02)
    static let rst = TCPFlags(rawValue: 0x04)
    static let ack = TCPFlags(rawValue: 0x10)
}
