import DNSWire

/// Decodes link, IP and transport headers in place, without allocation.
enum FrameDecoder {
    /// Decodes one captured frame.
    static func decode(_ frame: RawSpan, link: LinkType) -> DecodedFrame {
        var decoded = DecodedFrame()
        switch link {
        case .ethernet:
            decodeEthernet(frame, into: &decoded)
        case .linuxCooked:
            decoded.isCooked = true
            guard frame.byteCount >= 16 else { return damaged(&decoded, .linkHeaderCut) }
            decodeEtherType(frame, type: frame.uint16(14), at: 16, into: &decoded)
        case .linuxCooked2:
            decoded.isCooked = true
            guard frame.byteCount >= 20 else { return damaged(&decoded, .linkHeaderCut) }
            decoded.interfaceIndex = frame.uint32(4)
            decodeEtherType(frame, type: frame.uint16(0), at: 20, into: &decoded)
        case .null, .loop:
            guard frame.byteCount >= 4 else { return damaged(&decoded, .linkHeaderCut) }
            decodeIP(frame, at: 4, into: &decoded)
        case .raw, .rawBSD, .ipv4, .ipv6:
            decodeIP(frame, at: 0, into: &decoded)
        }
        return decoded
    }

    /// Decodes the transport header of an IP payload that was put together from fragments.
    static func decodeReassembled(_ payload: RawSpan, from first: DecodedFrame) -> DecodedFrame {
        var decoded = first
        decoded.kind = .notIP
        decoded.fragmentOffset = 0
        decoded.moreFragments = false
        decodeTransport(payload, at: 0, end: payload.byteCount, into: &decoded)
        return decoded
    }

    private static func damaged(_ decoded: inout DecodedFrame, _ damage: DecodedFrame.Damage) -> DecodedFrame {
        mark(&decoded, damage)
        return decoded
    }

    private static func mark(_ decoded: inout DecodedFrame, _ damage: DecodedFrame.Damage) {
        decoded.kind = .malformed
        decoded.damage = damage
    }

    private static func decodeEthernet(_ frame: RawSpan, into decoded: inout DecodedFrame) {
        guard frame.byteCount >= 14 else { return mark(&decoded, .linkHeaderCut) }
        decodeEtherType(frame, type: frame.uint16(12), at: 14, into: &decoded)
    }

    private static func decodeEtherType(
        _ frame: RawSpan,
        type: UInt16,
        at start: Int,
        into decoded: inout DecodedFrame
    ) {
        var type = type
        var offset = start
        // 802.1Q, 802.1ad and the old QinQ value; four tags are more than any switch stacks.
        for _ in 0..<4 where type == 0x8100 || type == 0x88A8 || type == 0x9100 {
            guard frame.byteCount >= offset + 4 else { return mark(&decoded, .linkHeaderCut) }
            type = frame.uint16(offset + 2)
            offset += 4
        }
        guard type == 0x0800 || type == 0x86DD else { return }
        decodeIP(frame, at: offset, into: &decoded)
    }

    private static func decodeIP(_ frame: RawSpan, at start: Int, into decoded: inout DecodedFrame) {
        guard frame.byteCount > start else { return mark(&decoded, .ipHeaderCut) }
        switch frame.octet(start) >> 4 {
        case 4: decodeIPv4(frame, at: start, into: &decoded)
        case 6: decodeIPv6(frame, at: start, into: &decoded)
        default: return
        }
    }

    // RFC 791 section 3.1.
    private static func decodeIPv4(_ frame: RawSpan, at start: Int, into decoded: inout DecodedFrame) {
        guard frame.byteCount >= start + 20 else { return mark(&decoded, .ipHeaderCut) }
        let headerLength = Int(frame.octet(start) & 0x0F) * 4
        guard headerLength >= 20 else { return mark(&decoded, .ipHeaderLength) }
        guard frame.byteCount >= start + headerLength else { return mark(&decoded, .ipHeaderCut) }
        let total = Int(frame.uint16(start + 2))
        // A total length of 0 is what segmentation offload leaves in packets above 64 KiB: trust the capture.
        guard total == 0 || total >= headerLength else { return mark(&decoded, .ipHeaderLength) }
        let end = total == 0 ? frame.byteCount : min(frame.byteCount, start + total)
        decoded.isCut = total != 0 && start + total > frame.byteCount
        decoded.identification = UInt32(frame.uint16(start + 4))
        decoded.source = .v4(frame.uint32(start + 12))
        decoded.destination = .v4(frame.uint32(start + 16))
        decoded.ipProtocol = frame.octet(start + 9)
        let fragment = frame.uint16(start + 6)
        decoded.fragmentOffset = Int(fragment & 0x1FFF) * 8
        decoded.moreFragments = fragment & 0x2000 != 0
        if decoded.fragmentOffset > 0 || decoded.moreFragments {
            decoded.kind = .fragment
            decoded.payloadStart = start + headerLength
            decoded.payloadEnd = end
            return
        }
        decodeTransport(frame, at: start + headerLength, end: end, into: &decoded)
    }

    // RFC 8200 sections 3 and 4.
    private static func decodeIPv6(_ frame: RawSpan, at start: Int, into decoded: inout DecodedFrame) {
        guard frame.byteCount >= start + 40 else { return mark(&decoded, .ipHeaderCut) }
        let length = Int(frame.uint16(start + 4))
        let end = length == 0 ? frame.byteCount : min(frame.byteCount, start + 40 + length)
        decoded.isCut = start + 40 + length > frame.byteCount
        decoded.source = .v6(frame.uint64(start + 8), frame.uint64(start + 16))
        decoded.destination = .v6(frame.uint64(start + 24), frame.uint64(start + 32))
        var next = frame.octet(start + 6)
        var offset = start + 40
        for _ in 0..<8 {
            switch next {
            case 0, 43, 60:
                guard end >= offset + 8 else { return mark(&decoded, .extensionChain) }
                next = frame.octet(offset)
                offset += (Int(frame.octet(offset + 1)) + 1) * 8
            case 51:
                guard end >= offset + 8 else { return mark(&decoded, .extensionChain) }
                next = frame.octet(offset)
                offset += (Int(frame.octet(offset + 1)) + 2) * 4
            case 44:
                guard end >= offset + 8 else { return mark(&decoded, .extensionChain) }
                next = frame.octet(offset)
                let field = frame.uint16(offset + 2)
                decoded.identification = frame.uint32(offset + 4)
                decoded.fragmentOffset = Int(field & 0xFFF8)
                decoded.moreFragments = field & 1 != 0
                offset += 8
                // An atomic fragment (RFC 6946) is a whole packet.
                guard decoded.fragmentOffset > 0 || decoded.moreFragments else { continue }
                decoded.kind = .fragment
                decoded.ipProtocol = next
                decoded.payloadStart = offset
                decoded.payloadEnd = end
                return
            default:
                decoded.ipProtocol = next
                guard offset <= end else { return mark(&decoded, .extensionChain) }
                return decodeTransport(frame, at: offset, end: end, into: &decoded)
            }
        }
        mark(&decoded, .extensionChain)
    }

    private static func decodeTransport(
        _ frame: RawSpan,
        at start: Int,
        end: Int,
        into decoded: inout DecodedFrame
    ) {
        switch decoded.ipProtocol {
        case 17: decodeUDP(frame, at: start, end: end, into: &decoded)
        case 6: decodeTCP(frame, at: start, end: end, into: &decoded)
        case 1, 58:
            decoded.kind = .icmp
            decoded.payloadStart = start
            decoded.payloadEnd = end
        default: decoded.kind = .otherProtocol
        }
    }

    // RFC 768: source port, destination port, length with header, checksum.
    private static func decodeUDP(_ frame: RawSpan, at start: Int, end: Int, into decoded: inout DecodedFrame) {
        guard end >= start + 8 else { return mark(&decoded, .transportHeaderCut) }
        decoded.sourcePort = frame.uint16(start)
        decoded.destinationPort = frame.uint16(start + 2)
        let length = Int(frame.uint16(start + 4))
        guard length >= 8 else { return mark(&decoded, .transportLength) }
        if start + length > end {
            guard decoded.isCut else { return mark(&decoded, .transportLength) }
        }
        decoded.kind = .udp
        decoded.payloadStart = start + 8
        decoded.payloadEnd = min(end, start + length)
    }

    // RFC 9293 section 3.1.
    private static func decodeTCP(_ frame: RawSpan, at start: Int, end: Int, into decoded: inout DecodedFrame) {
        guard end >= start + 20 else { return mark(&decoded, .transportHeaderCut) }
        let headerLength = Int(frame.octet(start + 12) >> 4) * 4
        guard headerLength >= 20 else { return mark(&decoded, .transportLength) }
        guard end >= start + headerLength else { return mark(&decoded, .transportHeaderCut) }
        decoded.sourcePort = frame.uint16(start)
        decoded.destinationPort = frame.uint16(start + 2)
        decoded.sequence = frame.uint32(start + 4)
        decoded.acknowledgement = frame.uint32(start + 8)
        decoded.tcpFlags = TCPFlags(rawValue: frame.octet(start + 13))
        decoded.kind = .tcp
        decoded.payloadStart = start + headerLength
        decoded.payloadEnd = end
    }
}
