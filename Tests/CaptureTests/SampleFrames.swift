import DNSWire

/// Frames of DNS queries over UDP and Ethernet, one a second.
enum SampleFrames {
    static let client = Endpoint(address: .v4(0x0A00_0001), port: 41_000)
    static let server = Endpoint(address: .v4(0x0A00_0002), port: 53)
    /// Time of the first frame, nanoseconds since the Unix epoch.
    static let firstTime: Int64 = 1_700_000_000_123_456_000

    /// Queries with the ids from 0 on, for `nID.example.com`.
    static func queries(_ count: Int) throws -> [(time: Int64, octets: [UInt8])] {
        try (0..<count).map { number in
            let message = try Wire.query(try DNSName("n\(number).example.com"), id: UInt16(truncatingIfNeeded: number))
            let datagram = PacketBuilder.udp(message, from: client, to: server)
            let packet = PacketBuilder.ipv4(datagram, from: client, to: server, ipProtocol: 17)
            return (firstTime + Int64(number) * 1_000_000_000, PacketBuilder.ethernet(packet))
        }
    }
}
