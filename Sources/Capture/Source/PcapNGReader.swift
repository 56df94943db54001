/// Reads pcapng (draft-ietf-opsawg-pcapng): several sections, byte orders, interfaces and link types.
struct PcapNGReader {
    private enum BlockType {
        static let interface: UInt32 = 1
        static let obsoletePacket: UInt32 = 2
        static let simplePacket: UInt32 = 3
        static let statistics: UInt32 = 5
        static let enhancedPacket: UInt32 = 6
        static let section: UInt32 = 0x0A0D_0D0A
    }

    /// Why a block cannot be used.
    private struct BlockDamage: Error {
        let reason: String

        init(_ reason: String) {
            self.reason = reason
        }
    }

    /// What a packet block says of its frame.
    private struct Frame {
        /// Place among the interfaces of the section.
        let interface: Int
        let ticks: UInt64
        let captured: Int
        let original: Int
    }

    /// Where a section ends by its own word; nil when it does not tell.
    private struct SectionEnd {
        var offset: UInt64?
    }

    private static let maximumBlock = 16 << 20
    // No sum of real counters is higher; damaged ones must not overflow.
    private static let highestCount: UInt64 = 1 << 56
    private var isSwapped = false
    private var section = SectionEnd()
    private var interfaces: [PcapNGInterface] = []
    private var table = PcapNGInterfaceTable()
    private var dropsOfEarlierSections: UInt64 = 0
    private var lastTime: Int64 = 0
    /// What is odd about the file so far.
    private(set) var remarks = FileRemarks()

    /// Looks at the section header that the window must begin with.
    init(window: inout FileWindow, path: String) throws(CaptureError) {
        guard window.fill(16), Self.isSwapped(window.uint32(8)) != nil else { return }
        let isSwapped = Self.isSwapped(window.uint32(8)) == true
        let word = window.uint32(12)
        let major = UInt16(truncatingIfNeeded: isSwapped ? word.byteSwapped : word >> 16)
        let minor = UInt16(truncatingIfNeeded: isSwapped ? word.byteSwapped >> 16 : word)
        guard Self.isSupported(major, minor) else {
            throw .unsupportedFormat(path: path, format: "pcapng of version \(major).\(minor), which is not supported")
        }
    }

    /// Names of the interfaces, by number from 1; those of all sections.
    var interfaceNames: [UInt32: String] { table.names }

    /// Packets that the capturing system dropped, as statistics and packets tell.
    var drops: UInt64 {
        interfaces.reduce(dropsOfEarlierSections) { min($0 + $1.drops, Self.highestCount) }
    }

    /// Reads the blocks of a turn.
    mutating func read<Sink: FrameSink & ~Copyable>(
        _ turn: inout ReadingTurn,
        from window: inout FileWindow,
        into sink: inout Sink
    ) -> ReadingOutcome {
        while window.fill(12) {
            if window.uint32(0) == BlockType.section {
                // The byte order magic, not the block type, tells the order of the section.
                guard let isSwapped = Self.isSwapped(window.uint32(8)) else {
                    return .damage(CaptureDamage(offset: window.offset, reason: "a section has no byte order magic"))
                }
                self.isSwapped = isSwapped
            }
            let type = ordered(window.uint32(0))
            let length = Int(ordered(window.uint32(4)))
            guard length >= 12, length % 4 == 0, length <= Self.maximumBlock else {
                return .damage(CaptureDamage(offset: window.offset, reason: "a block claims \(length) octets"))
            }
            guard window.fill(length) else {
                return .damage(window.shortage("the last block lacks \(length - window.count) of \(length) octets"))
            }
            guard Int(ordered(window.uint32(length - 4))) == length else {
                return .damage(CaptureDamage(offset: window.offset, reason: "the two lengths of a block differ"))
            }
            let body = (window.start + 8)..<(window.start + length - 4)
            do throws(BlockDamage) {
                if type == BlockType.section { endSection(at: window.offset) }
                try acceptBlock(type, window.storage.span.bytes.extracting(body), &turn, into: &sink)
            } catch {
                return .damage(CaptureDamage(offset: window.offset, reason: error.reason))
            }
            if let time = turn.waiting { return .frame(time) }
            window.consume(length)
            if type == BlockType.section { section.offset = section.offset.map { $0 &+ window.offset } }
        }
        guard window.count == 0, window.failure == nil else {
            return .damage(window.shortage("a block header is cut off"))
        }
        if let end = section.offset, end > window.offset {
            return .damage(window.shortage("the last section lacks \(end - window.offset) octets"))
        }
        endSection(at: window.offset)
        return .end
    }

    private mutating func acceptBlock<Sink: FrameSink & ~Copyable>(
        _ type: UInt32,
        _ body: RawSpan,
        _ turn: inout ReadingTurn,
        into sink: inout Sink
    ) throws(BlockDamage) {
        switch type {
        case BlockType.enhancedPacket: try acceptEnhancedPacket(body, &turn, into: &sink)
        case BlockType.section: try beginSection(body)
        case BlockType.interface: try addInterface(body)
        case BlockType.simplePacket: try acceptSimplePacket(body, &turn, into: &sink)
        case BlockType.obsoletePacket: try acceptObsoletePacket(body, &turn, into: &sink)
        case BlockType.statistics: try acceptStatistics(body)
        default: break
        }
    }

    private mutating func beginSection(_ body: RawSpan) throws(BlockDamage) {
        guard body.byteCount >= 16 else { throw BlockDamage("a section header is too short") }
        let major = ordered(body.uint16(4))
        let minor = ordered(body.uint16(6))
        guard Self.isSupported(major, minor) else {
            throw BlockDamage("a section has version \(major).\(minor), which is not supported")
        }
        dropsOfEarlierSections = drops
        interfaces.removeAll(keepingCapacity: true)
        table.beginSection()
        // Relative to the end of this block; -1 says that the length is not known.
        let length = Int64(bitPattern: ordered(body.uint64(8)))
        if length < -1 { remarks.wrongSectionLengths += 1 }
        section.offset = UInt64(exactly: length)
    }

    private mutating func endSection(at offset: UInt64) {
        if let end = section.offset, end != offset { remarks.wrongSectionLengths += 1 }
        section.offset = nil
    }

    private mutating func addInterface(_ body: RawSpan) throws(BlockDamage) {
        guard body.byteCount >= 8 else { throw BlockDamage("an interface description is too short") }
        let link = ordered(body.uint16(0))
        var clock = PcapNGClock()
        var name: [UInt8] = []
        var options = PcapNGOptions(at: 8, isSwapped: isSwapped)
        while let option = options.next(in: body) {
            switch option.code {
            case 2:
                name.removeAll()
                body.append(option.range, to: &name)
            case 9:
                guard option.range.count == 1 else {
                    throw BlockDamage("an interface's if_tsresol has \(option.range.count) octets, not 1")
                }
                let resolution = body.octet(option.range.lowerBound)
                guard clock.setResolution(resolution) else {
                    throw BlockDamage("an interface's if_tsresol is \(resolution), which is too fine")
                }
            case 14:
                guard option.range.count == 8 else {
                    throw BlockDamage("an interface's if_tsoffset has \(option.range.count) octets, not 8")
                }
                clock.offsetSeconds = Int64(bitPattern: ordered(body.uint64(option.range.lowerBound)))
            default: break
            }
        }
        // Behind them the resolution may be hidden, and without it every time is wrong.
        guard !options.isBroken else { throw BlockDamage("the options of an interface run past their block") }
        guard interfaces.count < PcapNGInterfaceTable.limit, let number = table.number(name: name, link: link) else {
            throw BlockDamage("there are more than \(PcapNGInterfaceTable.limit) interfaces")
        }
        var interface = PcapNGInterface(
            link: LinkType(rawValue: UInt32(link)),
            snapshotLength: ordered(body.uint32(4)),
            number: number
        )
        interface.clock = clock
        interfaces.append(interface)
    }

    private mutating func acceptEnhancedPacket<Sink: FrameSink & ~Copyable>(
        _ body: RawSpan,
        _ turn: inout ReadingTurn,
        into sink: inout Sink
    ) throws(BlockDamage) {
        guard body.byteCount >= 20 else { throw BlockDamage("a packet block is too short") }
        let index = try index(of: ordered(body.uint32(0)))
        let ticks = UInt64(ordered(body.uint32(4))) << 32 | UInt64(ordered(body.uint32(8)))
        let captured = Int(ordered(body.uint32(12)))
        let original = Int(ordered(body.uint32(16)))
        let frame = Frame(interface: index, ticks: ticks, captured: captured, original: original)
        guard try accept(frame, in: body, &turn, into: &sink) else { return }
        let end = 20 + (captured + 3) / 4 * 4
        guard end < body.byteCount else { return }
        var options = PcapNGOptions(at: end, isSwapped: isSwapped)
        while let option = options.next(in: body) {
            // epb_dropcount.
            guard option.code == 4 else { continue }
            guard option.range.count == 8 else {
                remarks.brokenOptions += 1
                continue
            }
            interfaces[index].addDrops(ordered(body.uint64(option.range.lowerBound)))
        }
        if options.isBroken { remarks.brokenOptions += 1 }
    }

    // Type 2: interface and drops in 16 bits each, the rest as in an enhanced packet block.
    private mutating func acceptObsoletePacket<Sink: FrameSink & ~Copyable>(
        _ body: RawSpan,
        _ turn: inout ReadingTurn,
        into sink: inout Sink
    ) throws(BlockDamage) {
        guard body.byteCount >= 20 else { throw BlockDamage("a packet block is too short") }
        let index = try index(of: UInt32(ordered(body.uint16(0))))
        let drops = ordered(body.uint16(2))
        let ticks = UInt64(ordered(body.uint32(4))) << 32 | UInt64(ordered(body.uint32(8)))
        let captured = Int(ordered(body.uint32(12)))
        let original = Int(ordered(body.uint32(16)))
        let frame = Frame(interface: index, ticks: ticks, captured: captured, original: original)
        guard try accept(frame, in: body, &turn, into: &sink) else { return }
        // All ones say that the count is not known.
        if drops != .max { interfaces[index].addDrops(UInt64(drops)) }
    }

    // A frame behind 20 octets of header, if it has its turn.
    private mutating func accept<Sink: FrameSink & ~Copyable>(
        _ frame: Frame,
        in body: RawSpan,
        _ turn: inout ReadingTurn,
        into sink: inout Sink
    ) throws(BlockDamage) -> Bool {
        guard frame.captured <= body.byteCount - 20 else {
            throw BlockDamage("a packet block of \(body.byteCount) octets claims a frame of \(frame.captured)")
        }
        let interface = interfaces[frame.interface]
        let time = interface.clock.nanoseconds(frame.ticks)
        guard turn.takes(time ?? lastTime) else { return false }
        if frame.captured > frame.original { remarks.overlongFrames += 1 }
        if interface.snapshotLength > 0, frame.captured > Int(interface.snapshotLength) {
            remarks.framesAboveSnapshot += 1
        }
        if let time { lastTime = time } else { remarks.untimedFrames += 1 }
        sink.willAccept(FrameDetails(originalLength: frame.original, interfaceNumber: interface.number))
        sink.accept(
            body.extracting(20..<(20 + frame.captured)),
            link: interface.link,
            at: lastTime,
            interfaceIndex: table.count > 1 ? interface.number : 0
        )
        return true
    }

    // The frame is that of the first interface, as long as its snapshot length allows; there is no time.
    private mutating func acceptSimplePacket<Sink: FrameSink & ~Copyable>(
        _ body: RawSpan,
        _ turn: inout ReadingTurn,
        into sink: inout Sink
    ) throws(BlockDamage) {
        guard body.byteCount >= 4 else { throw BlockDamage("a simple packet block is too short") }
        let interface = interfaces[try index(of: 0)]
        let original = Int(ordered(body.uint32(0)))
        let limit = interface.snapshotLength == 0 ? original : Int(interface.snapshotLength)
        let captured = min(original, limit)
        guard captured <= body.byteCount - 4 else {
            throw BlockDamage("a simple packet block of \(body.byteCount) octets claims a frame of \(captured)")
        }
        guard turn.takes(lastTime) else { return }
        remarks.untimedFrames += 1
        sink.willAccept(FrameDetails(originalLength: original, interfaceNumber: interface.number))
        sink.accept(
            body.extracting(4..<(4 + captured)),
            link: interface.link,
            at: lastTime,
            interfaceIndex: table.count > 1 ? interface.number : 0
        )
    }

    private mutating func acceptStatistics(_ body: RawSpan) throws(BlockDamage) {
        guard body.byteCount >= 12 else { throw BlockDamage("an interface statistics block is too short") }
        let index = try index(of: ordered(body.uint32(0)))
        var options = PcapNGOptions(at: 12, isSwapped: isSwapped)
        while let option = options.next(in: body) {
            guard option.code == 5 || option.code == 7 else { continue }
            guard option.range.count == 8 else {
                remarks.brokenOptions += 1
                continue
            }
            // isb_ifdrop and isb_osdrop: dropped by the interface for want of room, and by the system.
            let count = ordered(body.uint64(option.range.lowerBound))
            if option.code == 5 {
                interfaces[index].setInterfaceDrops(count)
            } else {
                interfaces[index].setSystemDrops(count)
            }
        }
        if options.isBroken { remarks.brokenOptions += 1 }
    }

    private func index(of interface: UInt32) throws(BlockDamage) -> Int {
        guard Int(interface) < interfaces.count else {
            throw BlockDamage("a block is of interface \(interface), but the section describes \(interfaces.count)")
        }
        return Int(interface)
    }

    // Version 1.2 was written by mistake and means 1.0; any other one may look different.
    private static func isSupported(_ major: UInt16, _ minor: UInt16) -> Bool {
        major == 1 && (minor == 0 || minor == 2)
    }

    // Whether a section's integers are swapped, by its byte order magic; nil when that is none.
    private static func isSwapped(_ magic: UInt32) -> Bool? {
        switch magic {
        case 0x1A2B_3C4D: false
        case 0x4D3C_2B1A: true
        default: nil
        }
    }

    // Integers were read in network order; a section of the other order swaps them.
    private func ordered<Value: FixedWidthInteger>(_ value: Value) -> Value {
        isSwapped ? value.byteSwapped : value
    }
}
