import DNSWire
import Glibc
import LinuxNet
import Testing

@testable import Capture

@Suite("Several files as one capture", .timeLimit(.minutes(2)))
struct JoinedFilesTests {
    private typealias Frame = (time: Int64, octets: [UInt8])

    private static func options() throws -> CaptureOptions {
        let zone = ProofZone(
            name: try DNSName("cluster.local"),
            upstream: .tcp,
            upstreamAddresses: [Wire.endpoint.address]
        )
        return CaptureOptions(roles: Wire.roles, zones: [zone])
    }

    /// A node at work: hits, misses over TCP and UDP, a query past the cache and one that is lost.
    private static func frames() throws -> [Frame] {
        var wire = Wire()
        for number in 0..<40 {
            let name = "n\(number % 9).cluster.local"
            try wire.ask(name, ttl: 30, path: number < 9 ? (number == 4 ? .overUDP : .overTCP) : .hit)
            wire.wait(milliseconds: 7)
        }
        let lost = try DNSName("lost.cluster.local")
        wire.udp(try Wire.query(lost, id: 1), from: Wire.pod, to: Wire.cache)
        wire.udp(try Wire.query(lost, id: 2), from: Wire.pod, to: Wire.clusterDNS)
        wire.wait(milliseconds: 6_000)
        try wire.ask("n1.cluster.local", ttl: 24, path: .hit)
        return wire.finish().frames.map { ($0.time, $0.octets) }
    }

    /// Writes pieces of a capture, of which each frame has the number of its piece, and reads them as one.
    private static func read(
        _ frames: [Frame],
        pieces: Int,
        reversed: Bool = false,
        _ piece: (Int) -> Int
    ) throws -> (whole: CaptureResult, joined: CaptureResult, places: [FrameNumber]) {
        let folder = try ScratchFolder()
        defer { withExtendedLifetime(folder) {} }
        let whole = try folder.write(PacketBuilder.pcap(frames, nanoseconds: true))
        var split = [[Frame]](repeating: [], count: pieces)
        var places: [FrameNumber] = []
        for (index, frame) in frames.enumerated() {
            split[piece(index)].append(frame)
            let file = reversed ? pieces - piece(index) : piece(index) + 1
            places.append(FrameNumber(UInt64(split[piece(index)].count), file: file))
        }
        var paths = try split.enumerated().map { number, frames in
            try folder.write(PacketBuilder.pcap(frames, nanoseconds: true), to: "piece\(number)")
        }
        if reversed { paths.reverse() }
        return (
            try CaptureFile.read(path: whole, options: options()),
            try CaptureFile.read(paths: paths, options: options()), places
        )
    }

    private static func check(_ whole: CaptureResult, _ joined: CaptureResult, _ places: [FrameNumber]) {
        #expect(joined.report == whole.report)
        #expect(joined.report.isBalanced && joined.damage == nil)
        #expect(joined.ledger == whole.ledger)
        #expect(joined.span == whole.span)
        #expect(joined.observation.forceTCP.map(\.verdict) == whole.observation.forceTCP.map(\.verdict))
        #expect(joined.observation.cache.map(\.verdict) == whole.observation.cache.map(\.verdict))
        #expect(joined.records.map(\.id) == whole.records.map(\.id))
        #expect(joined.records.map(\.frame) == whole.records.map { places[Int($0.frame.number) - 1] })
        let faults = (whole.findings.faults, joined.findings.faults)
        #expect(faults.0.seen == faults.1.seen && faults.0.seen == [.queryLost, .bypass])
        for fault in faults.0.seen {
            let expected = faults.0.evidence(fault).map { places[Int($0.frame.number) - 1] }
            #expect(faults.1.evidence(fault).map(\.frame) == expected)
        }
    }

    @Test("Rotated pieces, in whatever order they are given, are the whole capture", arguments: [false, true])
    func rotated(reversed: Bool) throws {
        let frames = try Self.frames()
        let result = try Self.read(frames, pieces: 3, reversed: reversed) { $0 * 3 / frames.count }
        Self.check(result.whole, result.joined, result.places)
        #expect(result.joined.files.map(\.frames).reduce(0, +) == UInt64(frames.count))
        #expect(result.joined.files.allSatisfy { !$0.isOneOfSeveralTaps })
    }

    @Test("Pieces that interleave are the whole capture, frame by frame and in runs", arguments: [1, 2, 5, 13])
    func interleaved(run: Int) throws {
        let frames = try Self.frames()
        let result = try Self.read(frames, pieces: 2) { $0 / run % 2 }
        Self.check(result.whole, result.joined, result.places)
        #expect(result.joined.files.allSatisfy { $0.isOneOfSeveralTaps })
    }

    @Test("A file whose own order is off keeps it; of equal times the file given first comes first")
    func ownOrder() throws {
        let folder = try ScratchFolder()
        defer { withExtendedLifetime(folder) {} }
        func file(_ name: String, _ times: [Int64]) throws -> String {
            let frames = times.map { (time: $0 * 1_000_000_000, octets: [UInt8](repeating: 0, count: 20)) }
            return try folder.write(PacketBuilder.pcap(frames), to: name)
        }
        let paths = [try file("a", [5, 3, 9]), try file("b", [4, 5, 5, 10]), try file("empty", [])]
        var joined = try JoinedFiles(paths: paths)
        var counter = FrameCounter()
        try joined.readAll(into: &counter, progress: nil)
        #expect(counter.times.map { $0 / 1_000_000_000 } == [4, 5, 3, 5, 5, 9, 10])
        #expect(counter.runs.map(\.previous.file) == [2, 1, 2, 1, 2])
        #expect(counter.runs.map(\.previous.number) == [0, 0, 1, 2, 3])
    }

    @Test("One packet in the files of two taps is a copy; sent again across two rotated files it is not")
    func copies() throws {
        let folder = try ScratchFolder()
        defer { withExtendedLifetime(folder) {} }
        let frames = try SampleFrames.queries(10)
        let late = frames.map { (time: $0.time + 20_000, octets: $0.octets) }
        let veth = try folder.write(PacketBuilder.pcap(frames, nanoseconds: true), to: "veth")
        let bridge = try folder.write(PacketBuilder.pcap(late, nanoseconds: true), to: "bridge")
        let taps = try CaptureFile.read(paths: [veth, bridge])
        #expect(taps.report.packets == 20 && taps.report.frames.duplicates == 10)
        #expect(taps.report.messages.messages == 10 && taps.report.isBalanced)
        let first = try folder.write(PacketBuilder.pcap([frames[0]], nanoseconds: true), to: "first")
        let next = try folder.write(PacketBuilder.pcap([late[0]], nanoseconds: true), to: "next")
        let rotated = try CaptureFile.read(paths: [first, next])
        #expect(rotated.report.frames.duplicates == 0 && rotated.report.transactions.retransmitted == 1)
    }

    @Test("A damaged file among others keeps what it gave, and the others all")
    func damage() throws {
        let folder = try ScratchFolder()
        defer { withExtendedLifetime(folder) {} }
        let frames = try SampleFrames.queries(9)
        let pieces = (0..<3).map { PacketBuilder.pcap(Array(frames[($0 * 3)..<($0 * 3 + 3)])) }
        let paths = [
            try folder.write(pieces[0], to: "a"), try folder.write(Array(pieces[1].dropLast(5)), to: "b"),
            try folder.write(GzipBuilder.member(pieces[2]), to: "c.gz"),
        ]
        let result = try CaptureFile.read(paths: paths)
        #expect(result.files.map(\.frames) == [3, 2, 3] && result.report.packets == 8)
        #expect(result.files.map { $0.damage != nil } == [false, true, false])
        #expect(result.damage?.description(of: "b").hasPrefix("b is damaged at offset ") == true)
        #expect(result.report.losses.fileIsDamaged)
        #expect(result.records.map(\.frame.file) == [1, 1, 1, 2, 2, 3, 3, 3])
        let error = #expect(throws: CaptureError.self) {
            try CaptureFile.read(paths: [paths[0], try folder.write([1, 2, 3, 4], to: "other")])
        }
        #expect(error?.description.contains("/other is no capture file") == true)
    }

    @Test("A pipe is joined with a file")
    func pipe() throws {
        let folder = try ScratchFolder()
        let frames = try SampleFrames.queries(6)
        let path = folder.file("pipe")
        defer { withExtendedLifetime(folder) {} }
        try #require(mkfifo(path, 0o600) == 0)
        let bytes = PacketBuilder.pcap(Array(frames[3...]))
        let writer = try Threads.start(name: "pipe-writer") {
            let descriptor = open(path, O_WRONLY | O_CLOEXEC)
            defer { close(descriptor) }
            _ = write(descriptor, bytes, bytes.count)
        }
        let file = try folder.write(PacketBuilder.pcap(Array(frames[..<3])))
        let result = try CaptureFile.read(paths: [path, file])
        writer.join()
        #expect(result.records.map(\.frame.file) == [2, 2, 2, 1, 1, 1] && result.damage == nil)
    }

    @Test(
        "Evidence out of two files opens in Wireshark: each frame with its file, number, time and interface",
        .enabled(if: ScratchFolder.hasTool("tshark"), "tshark is not installed")
    )
    func evidence() throws {
        let folder = try ScratchFolder()
        defer { withExtendedLifetime(folder) {} }
        // Both nodes call it eth0.
        var files = [PcapNGBuilder(), PcapNGBuilder(bigEndian: true)]
        for index in files.indices {
            files[index].section()
            files[index].interface(link: 1, name: "eth0", resolution: 9)
        }
        let frames = try Self.frames()
        for (index, frame) in frames.enumerated() {
            files[index % 2].packet(ticks: UInt64(frame.time), octets: frame.octets)
        }
        let paths = [
            try folder.write(files[0].bytes, to: "a.pcapng"), try folder.write(files[1].bytes, to: "b.pcapng"),
        ]
        let result = try CaptureFile.read(paths: paths, options: Self.options())
        let findings =
            result.findings.faults.seen.map { fault in
                EvidenceFinding(title: "\(fault)", reason: "", evidence: result.findings.faults.evidence(fault))
            } + result.observation.forceTCP.map(EvidenceFinding.init)
        let cited = Set(findings.flatMap(\.evidence).map(\.frame))
        #expect(Set(cited.map(\.file)) == [1, 2])
        let outcome = try EvidenceFile.write(
            EvidenceSource.sources(of: result.files, findings: findings),
            origin: EvidenceOrigin(tool: "nldns test", command: ["nldns"]),
            to: folder.file("evidence.pcapng")
        )
        #expect(outcome == EvidenceFile.Outcome(frames: cited.count, missing: 0))
        let fields = "-e frame.time_epoch -e frame.interface_name -e frame.comment"
        let lines = try folder.run("tshark -r evidence.pcapng -T fields -E aggregator=';' \(fields)")
            .split(separator: "\n").map { $0.split(separator: "\t") }
        let expected = cited.map { frame -> (time: Int64, name: String, place: String) in
            let name = frame.file == 1 ? "a.pcapng" : "b.pcapng"
            let index = Int(frame.number - 1) * 2 + frame.file - 1
            return (frames[index].time, "eth0 of \(name)", "frame \(frame.number) of \(folder.path)/\(name)")
        }.sorted { $0.time < $1.time }
        #expect(lines.map { String($0[1]) } == expected.map(\.name))
        #expect(lines.map { String($0[2].split(separator: ";")[0]) } == expected.map(\.place))
        #expect(
            lines.map { String($0[0]) }
                == expected.map {
                    "\($0.time / 1_000_000_000).\(String(1_000_000_000 + $0.time % 1_000_000_000).dropFirst())"
                }
        )
    }

    @Test("The program makes one document of several files, which begins and ends with the capture")
    func document() throws {
        let folder = try ScratchFolder()
        defer { withExtendedLifetime(folder) {} }
        let frames = try Self.frames()
        let half = frames.count / 2
        try folder.write(PacketBuilder.pcap(Array(frames[..<half]), nanoseconds: true), to: "a.pcap")
        try folder.write(PacketBuilder.pcap(Array(frames[half...]), nanoseconds: true), to: "b.pcap")
        let command = "'\(ScratchFolder.program)' capture read b.pcap a.pcap --node 172.18.0.2 --quiet"
        let json = try folder.run("\(command) --json --evidence evidence.pcapng")
        #expect(json.contains("\"packets\" : \(frames.count)"))
        #expect(json.contains("\"file\" : \"b.pcap\"") && json.contains("of file 1 UDP"))
        #expect(json.contains("\"started\" : \"2023-11-14T22:13:20Z\""))
        #expect(json.contains("\"ended\" : \"2023-11-14T22:13:26.291017Z\""))
        #expect(!json.contains("Source:"))
        let text = try folder.run(command)
        #expect(
            text.hasPrefix("2 files, 2023-11-14T22:13:20Z, 6.29 s\n  file 1: b.pcap\n  file 2: a.pcap\n"),
            "\(text)"
        )
        #expect(try folder.read("evidence.pcapng").count > 100)
    }
}
