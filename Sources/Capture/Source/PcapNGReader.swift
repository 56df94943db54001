/// Reads pcapng (draft-ietf-opsawg-pcapng): several sections, byte orders, interfaces and link types.
struct PcapNGReader {
    private struct Interface {
        var link: LinkType?
        /// Ticks of the timestamp in one second.
        var ticksPerSecond: UInt64 = 1_000_000
        /// Seconds to add to each timestamp.
        var offsetSeconds: Int64 = 0
        var drops: UInt64 = 0
    }

    private enum BlockType {
        static let interface: UInt32 = 1
        static let simplePacket: UInt32 = 3
        static let statistics: UInt32 = 5
        static let enhancedPacket: UInt32 = 6
        static let section: UInt32 = 0x0A0D_0D0A
    }

    private static let maximumBlock = 16 << 20
    private static let progressInterval = 65_536
    private var isSwapped = false
    private var interfaces: [Interface] = []
    private var dropsOfEarlierSections: UInt64 = 0
    /// Names of the interfaces of the last section, by index from 1.
    private(set) var interfaceNames: [UInt32: String] = [:]

    /// Packets that the capturing system dropped, out of the statistics blocks.
    var drops: UInt64 { dropsOfEarlierSections + interfaces.reduce(0) { $0 + $1.drops } }

    /// Reads all blocks; returns where the file is damaged, if it is.
    mutating func readAll<Sink: FrameSink & ~Copyable>(
        from window: inout FileWindow,
        into sink: inout Sink,
        progress: ((UInt64) -> Void)?
    ) -> CaptureDamage? {
        var untilProgress = Self.progressInterval
        while window.fill(12) {
            if window.uint32(0) == BlockType.section {
                // The byte order magic, not the block type, tells the order of the section.
                isSwapped = window.uint32(8) == 0x4D3C_2B1A
                guard isSwapped || window.uint32(8) == 0x1A2B_3C4D else {
                    return CaptureDamage(offset: window.offset, reason: "a section has no byte order magic")
                }
            }
            let type = ordered(window.uint32(0))
            let length = Int(ordered(window.uint32(4)))
            guard length >= 12, length % 4 == 0, length <= Self.maximumBlock else {
                return CaptureDamage(offset: window.offset, reason: "a block claims \(length) octets")
            }
            guard window.fill(length) else {
                return window.shortage("the last block lacks \(length - window.count) of \(length) octets")
            }
            guard Int(ordered(window.uint32(length - 4))) == length else {
                return CaptureDamage(offset: window.offset, reason: "the two lengths of a block differ")
            }
            let body = (window.start + 8)..<(window.start + length - 4)
            guard acceptBlock(type, window.storage.span.bytes.extracting(body), into: &sink) else {
                return CaptureDamage(offset: window.offset, reason: "a block of type \(type) contradicts itself")
            }
            window.consume(length)
            untilProgress -= 1
            if untilProgress == 0 {
                progress?(window.offset)
                untilProgress = Self.progressInterval
            }
        }
        guard window.count == 0, window.failure == nil else { return window.shortage("a block header is cut off") }
        return nil
    }

    private mutating func acceptBlock<Sink: FrameSink & ~Copyable>(
        _ type: UInt32,
        _ body: RawSpan,
        into sink: inout Sink
    ) -> Bool {
        switch type {
        case BlockType.section:
            guard body.byteCount >= 16 else { return false }
            dropsOfEarlierSections += interfaces.reduce(0) { $0 + $1.drops }
            interfaces = []
            interfaceNames = [:]
        case BlockType.interface:
            return addInterface(body)
        case BlockType.enhancedPacket:
            return acceptEnhancedPacket(body, into: &sink)
        case BlockType.simplePacket:
            guard body.byteCount >= 4, let interface = interfaces.first else { return false }
            let captured = min(Int(ordered(body.uint32(0))), body.byteCount - 4)
            sink.accept(body.extracting(4..<(4 + captured)), link: interface.link, at: 0, interfaceIndex: 0)
        case BlockType.statistics:
            return acceptStatistics(body)
        default:
            break
        }
        return true
    }

    private mutating func addInterface(_ body: RawSpan) -> Bool {
        guard body.byteCount >= 8 else { return false }
        var interface = Interface(link: LinkType(rawValue: UInt32(ordered(body.uint16(0)))))
        let index = UInt32(interfaces.count + 1)
        var offset = 8
        while let option = nextOption(body, at: &offset) {
            switch option.code {
            case 2:
                var name: [UInt8] = []
                body.append(option.range, to: &name)
                interfaceNames[index] = String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
            case 9 where option.range.count >= 1:
                guard let ticks = Self.ticks(body.octet(option.range.lowerBound)) else { return false }
                interface.ticksPerSecond = ticks
            case 14 where option.range.count >= 8:
                interface.offsetSeconds = Int64(bitPattern: ordered(body.uint64(option.range.lowerBound)))
            default: break
            }
        }
        interfaces.append(interface)
        return true
    }

    private func acceptEnhancedPacket<Sink: FrameSink & ~Copyable>(_ body: RawSpan, into sink: inout Sink) -> Bool {
        guard body.byteCount >= 20 else { return false }
        let index = Int(ordered(body.uint32(0)))
        guard index < interfaces.count else { return false }
        let interface = interfaces[index]
        let ticks = UInt64(ordered(body.uint32(4))) << 32 | UInt64(ordered(body.uint32(8)))
        let captured = Int(ordered(body.uint32(12)))
        guard captured <= body.byteCount - 20 else { return false }
        sink.accept(
            body.extracting(20..<(20 + captured)),
            link: interface.link,
            at: Self.nanoseconds(ticks, interface),
            interfaceIndex: interfaces.count > 1 ? UInt32(index + 1) : 0
        )
        return true
    }

    private mutating func acceptStatistics(_ body: RawSpan) -> Bool {
        guard body.byteCount >= 12 else { return false }
        let index = Int(ordered(body.uint32(0)))
        guard index < interfaces.count else { return false }
        var drops: UInt64 = 0
        var offset = 12
        while let option = nextOption(body, at: &offset) {
            // isb_ifdrop and isb_osdrop: dropped by the interface for want of room, and by the system.
            guard option.code == 5 || option.code == 7, option.range.count >= 8 else { continue }
            drops = min(drops, 1 << 48) + min(ordered(body.uint64(option.range.lowerBound)), 1 << 48)
        }
        // The counters run from the start of the capture: the highest one is the sum.
        interfaces[index].drops = max(interfaces[index].drops, drops)
        return true
    }

    private func nextOption(_ body: RawSpan, at offset: inout Int) -> (code: UInt16, range: Range<Int>)? {
        guard offset + 4 <= body.byteCount else { return nil }
        let code = ordered(body.uint16(offset))
        let length = Int(ordered(body.uint16(offset + 2)))
        let start = offset + 4
        guard code != 0, start + length <= body.byteCount else { return nil }
        offset = start + (length + 3) / 4 * 4
        return (code, start..<(start + length))
    }

    // if_tsresol: a power of ten, or of two when the highest bit is set.
    private static func ticks(_ resolution: UInt8) -> UInt64? {
        if resolution & 0x80 != 0 {
            let power = resolution & 0x7F
            return power < 63 ? 1 << UInt64(power) : nil
        }
        guard resolution <= 18 else { return nil }
        return (0..<resolution).reduce(UInt64(1)) { value, _ in value * 10 }
    }

    private static func nanoseconds(_ ticks: UInt64, _ interface: Interface) -> Int64 {
        let seconds = ticks / interface.ticksPerSecond
        let rest = ticks % interface.ticksPerSecond
        let product = rest.multipliedFullWidth(by: 1_000_000_000)
        let fraction = interface.ticksPerSecond.dividingFullWidth(product).quotient
        let whole = Int64(truncatingIfNeeded: seconds) &+ interface.offsetSeconds
        return whole &* 1_000_000_000 &+ Int64(truncatingIfNeeded: fraction)
    }

    // Integers were read in network order; a section of the other order swaps them.
    private func ordered<Value: FixedWidthInteger>(_ value: Value) -> Value {
        isSwapped ? value.byteSwapped : value
    }
}
