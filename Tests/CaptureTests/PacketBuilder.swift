import DNSWire

@testable import Capture

/// Builds frames in memory, field by field.
enum PacketBuilder {
    /// Ethernet II: two addresses and a type.
    static func ethernet(_ payload: [UInt8], type: UInt16 = 0x0800, tags: [UInt16] = []) -> [UInt8] {
        var frame = [UInt8](repeating: 2, count: 12)
        for tag in tags { frame += big(UInt16(0x8100)) + big(tag) }
        return frame + big(type) + payload
    }

    /// Linux cooked v2: protocol, reserved, interface index, ARPHRD, packet type, address length, address.
    static func cooked2(_ payload: [UInt8], interface: UInt32, type: UInt16 = 0x0800) -> [UInt8] {
        big(type) + [0, 0] + big(interface) + [0, 1, 0, 6] + [UInt8](repeating: 2, count: 8) + payload
    }

    /// IPv4 without options.
    static func ipv4(
        _ payload: [UInt8],
        from source: Endpoint,
        to destination: Endpoint,
        ipProtocol: UInt8,
        identification: UInt16 = 0,
        fragment: UInt16 = 0
    ) -> [UInt8] {
        [0x45, 0] + big(UInt16(truncatingIfNeeded: 20 + payload.count)) + big(identification) + big(fragment)
            + [64, ipProtocol, 0, 0] + source.address.bytes + destination.address.bytes + payload
    }

    /// IPv6 without extension headers.
    static func ipv6(_ payload: [UInt8], from source: Endpoint, to destination: Endpoint, next: UInt8) -> [UInt8] {
        [0x60, 0, 0, 0] + big(UInt16(payload.count)) + [next, 64] + source.address.bytes + destination.address.bytes
            + payload
    }

    /// A UDP datagram with its header.
    static func udp(_ payload: [UInt8], from source: Endpoint, to destination: Endpoint) -> [UInt8] {
        big(source.port) + big(destination.port) + big(UInt16(truncatingIfNeeded: 8 + payload.count)) + [0, 0] + payload
    }

    /// A TCP segment with a header of 20 octets.
    static func tcp(
        _ payload: [UInt8],
        from source: Endpoint,
        to destination: Endpoint,
        sequence: UInt32,
        acknowledgement: UInt32 = 0,
        flags: TCPFlags = [.ack]
    ) -> [UInt8] {
        big(source.port) + big(destination.port) + big(sequence) + big(acknowledgement) + [0x50, flags.rawValue]
            + [0xFF, 0xFF, 0, 0, 0, 0] + payload
    }

    /// A classic pcap file.
    static func pcap(
        _ frames: [(time: Int64, octets: [UInt8])],
        link: UInt32 = 1,
        bigEndian: Bool = false,
        nanoseconds: Bool = false
    ) -> [UInt8] {
        func field(_ value: UInt32) -> [UInt8] { bigEndian ? big(value) : big(value).reversed() }
        func short(_ value: UInt16) -> [UInt8] { bigEndian ? big(value) : big(value).reversed() }
        var file = field(nanoseconds ? 0xA1B2_3C4D : 0xA1B2_C3D4) + short(2) + short(4) + field(0) + field(0)
        file += field(262_144) + field(link)
        for frame in frames {
            let fraction = frame.time % 1_000_000_000 / (nanoseconds ? 1 : 1_000)
            file += field(UInt32(frame.time / 1_000_000_000)) + field(UInt32(fraction))
            file += field(UInt32(frame.octets.count)) + field(UInt32(frame.octets.count)) + frame.octets
        }
        return file
    }

    /// Network order.
    static func big<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        (0..<(Value.bitWidth / 8)).reversed().map { UInt8(truncatingIfNeeded: value >> Value($0 * 8)) }
    }
}
