/// Builds pcapng files, block by block, in either byte order.
struct PcapNGBuilder {
    /// One option of a block.
    struct Option {
        let code: UInt16
        let value: [UInt8]
        /// The length that the option claims; its own if nil.
        var claimed: UInt16?
    }

    let bigEndian: Bool
    private(set) var bytes: [UInt8] = []

    init(bigEndian: Bool = false) {
        self.bigEndian = bigEndian
    }

    /// An integer in the byte order of the file.
    func field<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        bigEndian ? PacketBuilder.big(value) : PacketBuilder.big(value).reversed()
    }

    /// Any block.
    mutating func block(_ type: UInt32, _ body: [UInt8], options list: [Option] = []) {
        let body = body + options(list)
        let length = field(UInt32(12 + body.count))
        bytes += field(type) + length + body + length
    }

    mutating func section(length: Int64 = -1, version: (UInt16, UInt16) = (1, 0)) {
        block(0x0A0D_0D0A, field(UInt32(0x1A2B_3C4D)) + field(version.0) + field(version.1) + field(length))
    }

    mutating func interface(
        link: UInt16 = 1,
        snapshot: UInt32 = 0,
        name: String? = nil,
        resolution: UInt8? = nil,
        offset: Int64? = nil,
        options more: [Option] = []
    ) {
        var options: [Option] = []
        if let name { options.append(Option(code: 2, value: Array(name.utf8))) }
        if let resolution { options.append(Option(code: 9, value: [resolution])) }
        if let offset { options.append(Option(code: 14, value: field(offset))) }
        block(1, field(link) + [0, 0] + field(snapshot), options: options + more)
    }

    /// An enhanced packet block.
    mutating func packet(
        interface: UInt32 = 0,
        ticks: UInt64,
        octets: [UInt8],
        original: Int? = nil,
        options: [Option] = []
    ) {
        block(6, field(interface) + timed(ticks, octets, original), options: options)
    }

    /// A packet block, which the enhanced one made obsolete.
    mutating func obsoletePacket(interface: UInt16 = 0, drops: UInt16, ticks: UInt64, octets: [UInt8]) {
        block(2, field(interface) + field(drops) + timed(ticks, octets, nil))
    }

    /// A simple packet block, which has no time.
    mutating func simplePacket(_ octets: [UInt8], original: Int? = nil) {
        block(3, field(UInt32(original ?? octets.count)) + Self.padded(octets))
    }

    /// An interface statistics block with isb_ifdrop and isb_osdrop.
    mutating func statistics(interface: UInt32 = 0, interfaceDrops: UInt64? = nil, systemDrops: UInt64? = nil) {
        var options: [Option] = []
        if let interfaceDrops { options.append(Option(code: 5, value: field(interfaceDrops))) }
        if let systemDrops { options.append(Option(code: 7, value: field(systemDrops))) }
        block(5, field(interface) + field(UInt64(0)), options: options)
    }

    /// A custom block, which no reader needs to know.
    mutating func unknown() {
        block(0x0BAD, [1, 2, 3, 4])
    }

    private func timed(_ ticks: UInt64, _ octets: [UInt8], _ original: Int?) -> [UInt8] {
        let high = field(UInt32(ticks >> 32)) + field(UInt32(truncatingIfNeeded: ticks))
        return high + field(UInt32(octets.count)) + field(UInt32(original ?? octets.count)) + Self.padded(octets)
    }

    private func options(_ list: [Option]) -> [UInt8] {
        guard !list.isEmpty else { return [] }
        let each = list.map { option in
            field(option.code) + field(option.claimed ?? UInt16(option.value.count)) + Self.padded(option.value)
        }
        return each.joined() + [0, 0, 0, 0]
    }

    private static func padded(_ octets: [UInt8]) -> [UInt8] {
        octets + [UInt8](repeating: 0, count: (4 - octets.count % 4) % 4)
    }
}
