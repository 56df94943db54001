import Testing

@testable import Capture

@Suite("pcapng", .timeLimit(.minutes(2)))
struct PcapNGTests {
    private static let options = CaptureOptions(limits: StreamTests.smallLimits)
    /// Microseconds of a time within the year 2023.
    private static let ticks: UInt64 = 1_700_000_000_000_000

    private static func frame(_ number: Int = 0) throws -> [UInt8] {
        try SampleFrames.queries(number + 1)[number].octets
    }

    private static func examine(_ bytes: [UInt8]) throws -> (result: CaptureResult, remarks: FileRemarks) {
        let result = try ScratchFolder.reading(bytes) { try CaptureFile.read(path: $0, options: options) }
        return (result, try #require(result.files.first).remarks)
    }

    /// Frames as they come out, without a look at what they hold.
    private static func frames(_ bytes: [UInt8]) throws -> FrameCounter {
        try ScratchFolder.reading(bytes) { path in
            var window = try FileWindow(path: path)
            var reader = try CaptureFileReader(window: &window, path: path)
            var counter = FrameCounter()
            #expect(reader.readAll(from: &window, into: &counter) == nil)
            return counter
        }
    }

    @Test("Two sections of different byte order, link types, resolutions and drops", arguments: [false, true])
    func sections(bigEndian: Bool) throws {
        let frame = try Self.frame()
        let raw = Array(frame[14...])
        var file = PcapNGBuilder(bigEndian: bigEndian)
        file.section()
        file.interface(link: 1, name: "eth0")
        file.interface(link: 101, name: "tun0", resolution: 9)
        file.packet(interface: 0, ticks: 1_700_000_000_000_001, octets: frame)
        file.packet(interface: 1, ticks: 1_700_000_000_000_000_777, octets: raw)
        file.statistics(interface: 0, interfaceDrops: 4)
        file.unknown()
        var second = PcapNGBuilder(bigEndian: !bigEndian)
        second.section()
        second.interface(link: 228, name: "raw0", resolution: 0x80 | 10)
        second.packet(interface: 0, ticks: 1_700_000_001 << 10, octets: raw)
        let (result, remarks) = try Self.examine(file.bytes + second.bytes)
        #expect(result.damage == nil && remarks.isEmpty)
        #expect(
            result.records.map(\.realtimeNanoseconds) == [
                1_700_000_000_000_001_000, 1_700_000_001_000_000_000,
            ]
        )
        // The second interface saw the same packet 0.2 µs before: one message.
        #expect(result.report.frames.duplicates == 1)
        #expect(result.report.losses.kernelDrops == 4)
        #expect(result.files[0].interfaceNames == [1: "eth0", 2: "tun0", 3: "raw0"])
    }

    @Test("An interface that several sections describe is one interface")
    func interfacesOfSections() throws {
        var file = PcapNGBuilder()
        for names in [["eth0", "eth1"], ["eth1", "eth0"], ["eth1", "eth1"]] {
            file.section()
            for name in names { file.interface(name: name) }
            for interface in [0, 1] as [UInt32] {
                file.packet(interface: interface, ticks: Self.ticks, octets: try Self.frame())
            }
        }
        #expect(try Self.frames(file.bytes).interfaces == [1, 2, 2, 1, 2, 3])
        #expect(try Self.examine(file.bytes).result.files[0].interfaceNames == [1: "eth0", 2: "eth1", 3: "eth1"])
    }

    @Test("Simple packets have the time of the frame before, are counted, and end at the snapshot length")
    func simplePackets() throws {
        var file = PcapNGBuilder()
        file.section()
        file.interface(snapshot: 60, name: "eth0")
        file.interface(name: "eth1")
        file.simplePacket(Array(try Self.frame()[..<60]), original: 80)
        file.packet(interface: 1, ticks: Self.ticks, octets: try Self.frame())
        // Three octets of padding belong to no frame.
        file.simplePacket([UInt8](repeating: 7, count: 57))
        let counter = try Self.frames(file.bytes)
        let time = Int64(Self.ticks) * 1_000
        #expect(counter.times == [0, time, time])
        #expect(counter.interfaces == [1, 2, 1])
        #expect(counter.octets == 60 + 57 + (try Self.frame().count))
        #expect(try Self.examine(file.bytes).remarks.untimedFrames == 2)
        #expect(try Self.examine(file.bytes).remarks.description == "2 frames without a time of their own")
    }

    @Test("Obsolete packet blocks are read, and their drops added", arguments: [false, true])
    func obsoletePackets(bigEndian: Bool) throws {
        var file = PcapNGBuilder(bigEndian: bigEndian)
        file.section()
        file.interface()
        for drops in [0, 3, UInt16.max, 4] {
            file.obsoletePacket(drops: drops, ticks: Self.ticks, octets: try Self.frame())
        }
        let (result, _) = try Self.examine(file.bytes)
        #expect(result.damage == nil)
        #expect(result.report.messages.messages == 4)
        #expect(result.report.losses.kernelDrops == 7)
    }

    @Test("Drops are the highest counts of the statistics, or those between packets when they are more")
    func drops() throws {
        var file = PcapNGBuilder()
        file.section()
        file.interface(name: "eth0")
        file.interface(name: "eth1")
        file.statistics(interface: 0, interfaceDrops: 5, systemDrops: 1)
        file.statistics(interface: 0, interfaceDrops: 2, systemDrops: 9)
        file.statistics(interface: 0)
        for drops in [4, 8] as [UInt64] {
            let option = PcapNGBuilder.Option(code: 4, value: file.field(drops))
            file.packet(interface: 1, ticks: Self.ticks, octets: try Self.frame(), options: [option])
        }
        file.statistics(interface: 1, interfaceDrops: 11)
        // Another section counts anew.
        file.section()
        file.interface(name: "eth0")
        file.statistics(interface: 0, interfaceDrops: 100)
        #expect(try Self.examine(file.bytes).result.report.losses.kernelDrops == 5 + 9 + 12 + 100)
    }

    @Test(
        "Resolutions and offsets of time",
        arguments: [
            (nil, nil, 1_700_000_000_000_001, 1_700_000_000_000_001_000),
            (0, nil, 1_700_000_000, 1_700_000_000_000_000_000), (3, nil, 1_700_000_000_001, 1_700_000_000_001_000_000),
            (9, -5, 1_700_000_000_000_000_007, 1_699_999_995_000_000_007),
            (12, 1_700_000_000, 1_000_000_009_999, 1_700_000_001_000_000_009),
            (19, 1_600_000_000, 18_446_744_073_709_551_615, 1_600_000_001_844_674_407),
            (0x80, 10, 1_700_000_000, 1_700_000_010_000_000_000),
            (0x80 | 63, 1_700_000_000, 1 << 62, 1_700_000_000_500_000_000),
            (6, -1_700_000_000, 1_700_000_000_000_000, 0),
        ] as [(UInt8?, Int64?, UInt64, Int64)]
    )
    func times(resolution: UInt8?, offset: Int64?, ticks: UInt64, time: Int64) throws {
        for bigEndian in [false, true] {
            var file = PcapNGBuilder(bigEndian: bigEndian)
            file.section()
            file.interface(resolution: resolution, offset: offset)
            file.packet(ticks: ticks, octets: try Self.frame())
            #expect(try Self.frames(file.bytes).times == [time])
            #expect(try Self.examine(file.bytes).remarks.isEmpty)
        }
    }

    @Test(
        "A time before 1970 or after 2116 is no time",
        arguments: [
            (0, nil, .max), (9, nil, .max), (6, -1_700_000_001, 1_700_000_000_000_000), (6, .max, 1), (6, .min, 1),
            (0x80 | 1, nil, .max),
        ] as [(UInt8, Int64?, UInt64)]
    )
    func impossibleTimes(resolution: UInt8, offset: Int64?, ticks: UInt64) throws {
        var file = PcapNGBuilder()
        file.section()
        file.interface(name: "good")
        file.interface(name: "bad", resolution: resolution, offset: offset)
        file.packet(interface: 0, ticks: Self.ticks, octets: try Self.frame())
        file.packet(interface: 1, ticks: ticks, octets: try Self.frame())
        let time = Int64(Self.ticks) * 1_000
        #expect(try Self.frames(file.bytes).times == [time, time])
        #expect(try Self.examine(file.bytes).remarks.untimedFrames == 1)
    }

    @Test("A block of an interface that no description has is damage at its offset", arguments: [2, 3, 5, 6])
    func unknownInterface(type: UInt32) throws {
        var file = PcapNGBuilder()
        file.section()
        if type != 3 { file.interface() }
        if type != 3 { file.packet(ticks: Self.ticks, octets: try Self.frame()) }
        let offset = file.bytes.count
        switch type {
        case 2: file.obsoletePacket(interface: 1, drops: 0, ticks: 1, octets: try Self.frame())
        case 3: file.simplePacket(try Self.frame())
        case 5: file.statistics(interface: 1, interfaceDrops: 1)
        default: file.packet(interface: 1, ticks: 1, octets: try Self.frame())
        }
        let (result, _) = try Self.examine(file.bytes)
        #expect(result.damage?.offset == UInt64(offset))
        #expect(result.damage?.reason.contains("describes") == true)
        #expect(result.report.packets == (type == 3 ? 0 : 1))
    }

    @Test("Options of wrong lengths: where they decide the time they are damage, else the block is read")
    func wrongOptions() throws {
        for option in [
            PcapNGBuilder.Option(code: 9, value: [9, 9]), .init(code: 9, value: []), .init(code: 9, value: [20]),
            .init(code: 14, value: [1, 2, 3, 4]), .init(code: 2, value: [1], claimed: 100),
            .init(code: 9, value: [0xC0]),
        ] {
            var file = PcapNGBuilder()
            file.section()
            let offset = file.bytes.count
            file.interface(options: [option])
            file.packet(ticks: Self.ticks, octets: try Self.frame())
            #expect(try Self.examine(file.bytes).result.damage?.offset == UInt64(offset))
        }
        var file = PcapNGBuilder()
        file.section()
        file.interface(options: [PcapNGBuilder.Option(code: 77, value: [1, 2, 3])])
        for option in [PcapNGBuilder.Option(code: 4, value: [1]), .init(code: 1, value: [65], claimed: 999)] {
            file.packet(ticks: Self.ticks, octets: try Self.frame(), options: [option])
        }
        file.block(5, file.field(UInt32(0)) + file.field(UInt64(0)), options: [.init(code: 5, value: [1, 0, 0, 0])])
        file.block(5, file.field(UInt32(0)) + file.field(UInt64(0)), options: [.init(code: 5, value: [], claimed: 77)])
        let (result, remarks) = try Self.examine(file.bytes)
        #expect(result.damage == nil && result.report.packets == 2)
        #expect(remarks.brokenOptions == 4)
    }

    @Test("A section's length finds a file that was cut between two blocks, and a wrong one is only odd")
    func sectionLength() throws {
        var content = PcapNGBuilder()
        content.interface()
        content.packet(ticks: Self.ticks, octets: try Self.frame())
        let length = content.bytes.count
        content.packet(ticks: Self.ticks, octets: try Self.frame(1))
        func file(_ claimed: Int) -> PcapNGBuilder {
            var file = PcapNGBuilder()
            file.section(length: Int64(claimed))
            return file
        }
        let whole = file(content.bytes.count).bytes + content.bytes
        #expect(try Self.examine(whole + whole).result.damage == nil)
        #expect(try Self.examine(whole + whole).remarks.isEmpty)
        let (cut, _) = try Self.examine(Array(whole[..<(28 + length)]))
        #expect(cut.damage?.offset == UInt64(28 + length))
        #expect(cut.damage?.reason == "the last section lacks \(content.bytes.count - length) octets")
        #expect(cut.records.count == 1)
        for claimed in [length, 0, -2] {
            let (result, remarks) = try Self.examine(file(claimed).bytes + content.bytes + whole)
            #expect(result.damage == nil && result.records.count == 4)
            #expect(remarks.wrongSectionLengths == 1)
        }
        let early = file(content.bytes.count + 100).bytes + content.bytes + whole
        #expect(try Self.examine(early).remarks.wrongSectionLengths == 1)
    }

    @Test(
        "Version 1.2 is read as 1.0; others are refused at the beginning and damage within",
        arguments: [false, true]
    )
    func versions(bigEndian: Bool) throws {
        var file = PcapNGBuilder(bigEndian: bigEndian)
        file.section(version: (1, 2))
        file.interface()
        file.packet(ticks: Self.ticks, octets: try Self.frame())
        let offset = file.bytes.count
        #expect(try Self.examine(file.bytes).result.damage == nil)
        var other = PcapNGBuilder(bigEndian: bigEndian)
        other.section(version: (2, 1))
        let (result, _) = try Self.examine(file.bytes + other.bytes + file.bytes)
        #expect(result.damage?.offset == UInt64(offset))
        #expect(result.damage?.reason == "a section has version 2.1, which is not supported")
        #expect(result.records.count == 1)
        let error = #expect(throws: CaptureError.self) { try Self.examine(other.bytes) }
        #expect(error?.description.hasSuffix("is pcapng of version 2.1, which is not supported.") == true)
    }

    @Test(
        "Number, time and length of every frame are those of tshark",
        .enabled(if: ScratchFolder.hasTool("tshark"), "tshark is not installed"),
        arguments: [false, true]
    )
    func likeTshark(bigEndian: Bool) throws {
        var file = PcapNGBuilder(bigEndian: bigEndian)
        for round in 0..<3 as Range<UInt64> {
            file.section()
            file.interface(snapshot: 70, name: "eth0", offset: 3_600)
            file.interface(link: 101, name: "tun0", resolution: 9)
            file.interface(link: 1, resolution: 0x80 | 20)
            file.packet(interface: 0, ticks: Self.ticks + round, octets: Array(try Self.frame()[..<70]), original: 90)
            file.obsoletePacket(interface: 1, drops: 2, ticks: Self.ticks * 1_000 + 7, octets: try Self.frame())
            file.packet(interface: 2, ticks: (1_700_000_000 << 20) + 12_345, octets: try Self.frame(1))
            file.statistics(interface: 0, interfaceDrops: 1)
        }
        let folder = try ScratchFolder()
        try folder.write(file.bytes)
        let output = try folder.run("tshark -r capture -T fields -e frame.time_epoch -e frame.cap_len")
        let counter = try Self.frames(file.bytes)
        #expect(counter.frames == 9)
        #expect(output.split(separator: "\n").map(String.init) == counter.likeTshark)
    }
}
