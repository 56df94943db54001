import DNSWire
import Foundation
import Glibc
import LinuxNet
import Testing

@testable import Capture

@Suite("Evidence files", .timeLimit(.minutes(2)))
struct EvidenceFileTests {
    private static let origin = EvidenceOrigin(tool: "nldns test", command: ["nldns", "capture", "read", "a b.pcap"])

    private static func finding(_ title: String, _ frames: [FrameNumber: String]) -> EvidenceFinding {
        let evidence = frames.map { Evidence(frame: $0.key, realtimeNanoseconds: 0, text: $0.value) }
        return EvidenceFinding(title: title, reason: "It was seen.", evidence: evidence)
    }

    /// Fields of every frame of `evidence.pcapng`, as tshark sees them.
    private static func tshark(_ folder: ScratchFolder, _ fields: String...) throws -> [String] {
        let names = fields.map { "-e \($0)" }.joined(separator: " ")
        let output = try folder.run("tshark -r evidence.pcapng -T fields -E aggregator=';' \(names)")
        return output.split(separator: "\n").map(String.init)
    }

    @Test(
        "Frames of several files stand in the order of time, each with all that is said of it and its interface",
        .enabled(if: ScratchFolder.hasTool("tshark"), "tshark is not installed")
    )
    func opensInTshark() throws {
        let folder = try ScratchFolder()
        defer { withExtendedLifetime(folder) {} }
        let frames = try SampleFrames.queries(6)
        let first = try folder.write(PacketBuilder.pcap(frames, nanoseconds: true), to: "first.pcap")
        var section = PcapNGBuilder(bigEndian: true)
        section.section()
        section.interface(link: 1, name: "eth0")
        section.interface(link: 101, name: "tun0", resolution: 9)
        let ticks = UInt64(SampleFrames.firstTime)
        section.packet(interface: 1, ticks: ticks + 500_000_001, octets: Array(frames[0].octets[14...]), original: 99)
        section.packet(interface: 0, ticks: ticks / 1_000 + 2_500_000, octets: frames[1].octets)
        var other = PcapNGBuilder()
        other.section()
        other.interface(link: 1, name: "eth0")
        other.interface(link: 1, name: "eth1")
        other.simplePacket(frames[2].octets)
        other.packet(interface: 1, ticks: ticks / 1_000 + 100, octets: frames[2].octets)
        let second = try folder.write(GzipBuilder.member(section.bytes + other.bytes), to: "second.pcapng.gz")
        let outcome = try EvidenceFile.write(
            [
                EvidenceSource(
                    path: first,
                    findings: [
                        Self.finding("cache violated", [4: "TTL 7", 2: "TTL 9"]),
                        Self.finding("force-tcp violated", [4: "UDP, ünïcode"]),
                        Self.finding("cache violated", [4: "TTL 7"]),
                    ],
                    interfaceName: "lo"
                ),
                EvidenceSource(
                    path: second,
                    findings: [Self.finding("cache proven", [1: "a", 2: "b", 3: "c", 4: "d", 5: "none"])]
                ),
            ],
            origin: Self.origin,
            to: folder.file("evidence.pcapng")
        )
        #expect(outcome == EvidenceFile.Outcome(frames: 6, missing: 1))
        let comments = try Self.tshark(folder, "frame.interface_name", "frame.comment", "frame.len")
        let here = folder.path
        let lengths = frames.map(\.octets.count)
        #expect(
            comments == [
                "eth1\tframe 4 of \(here)/second.pcapng.gz;cache proven: d\t\(lengths[2])",
                "tun0\tframe 1 of \(here)/second.pcapng.gz;cache proven: a\t99",
                "lo\tframe 2 of \(here)/first.pcap;cache violated: TTL 9\t\(lengths[1])",
                "eth0\tframe 2 of \(here)/second.pcapng.gz;cache proven: b\t\(lengths[1])",
                "eth0\tframe 3 of \(here)/second.pcapng.gz;cache proven: c\t\(lengths[2])",
                "lo\tframe 4 of \(here)/first.pcap;cache violated: TTL 7;force-tcp violated: UDP, ünïcode\t\(lengths[3])",
            ]
        )
        #expect(
            try Self.tshark(folder, "frame.time_epoch") == [
                "1700000000.123556000", "1700000000.623456001", "1700000001.123456000", "1700000002.623456000",
                "1700000002.623456000", "1700000003.123456000",
            ]
        )
        // eth0 is one interface, although two sections describe it.
        let interfaces = try folder.run("capinfos evidence.pcapng")
        #expect(interfaces.contains("Number of interfaces in file: 4"))
        #expect(interfaces.contains("Capture application: nldns test"))
        #expect(interfaces.contains("Command: nldns capture read 'a b.pcap'"))
        #expect(interfaces.contains("second.pcapng.gz: cache proven: It was seen."))
        let again = try CaptureFile.read(path: folder.file("evidence.pcapng"))
        #expect(again.damage == nil && again.files[0].remarks.isEmpty && again.report.packets == 6)
        // Nothing but the files is left: no spool, no partial file.
        let left = try FileManager.default.contentsOfDirectory(atPath: here).filter { !$0.hasPrefix(".") }
        #expect(left.sorted() == ["evidence.pcapng", "first.pcap", "second.pcapng.gz"])
    }

    @Test("A frame has as many comments as anybody reads, each cut between characters, and the rest is counted")
    func manyComments() throws {
        let folder = try ScratchFolder()
        let source = try folder.write(PacketBuilder.pcap(try SampleFrames.queries(1)))
        let long = Self.finding("long", [1: String(repeating: "€", count: 9_000)])
        let findings = [long] + (0..<300).map { Self.finding("finding \($0)", [1: "text"]) }
        let target = folder.file("evidence.pcapng")
        let outcome = try EvidenceFile.write(
            [EvidenceSource(path: source, findings: findings)],
            origin: Self.origin,
            to: target
        )
        #expect(outcome == EvidenceFile.Outcome(frames: 1, missing: 0))
        let text = String(decoding: try folder.read("evidence.pcapng"), as: UTF8.self)
        #expect(text.contains("finding 198: text") && !text.contains("finding 199: text"))
        #expect(text.contains("and 101 more on this frame"))
        #expect(!text.contains("€\u{FFFD}"))
        #expect(try CaptureFile.read(path: target).records.count == 1)
    }

    @Test("What cannot be read twice, was changed, or would be overwritten is refused; an old file then stays")
    func refusals() throws {
        let folder = try ScratchFolder()
        defer { withExtendedLifetime(folder) {} }
        let source = try folder.write(PacketBuilder.pcap(try SampleFrames.queries(3)))
        let pipe = folder.file("pipe")
        try #require(mkfifo(pipe, 0o600) == 0)
        let target = try folder.write([1, 2, 3], to: "evidence.pcapng")
        func refusal(_ path: String, _ findings: [EvidenceFinding], to target: String) -> String {
            let error = #expect(throws: CaptureError.self) {
                try EvidenceFile.write(
                    [EvidenceSource(path: path, findings: findings)],
                    origin: Self.origin,
                    to: target
                )
            }
            return error?.description ?? ""
        }
        #expect(refusal(pipe, [], to: target).contains("second reading"))
        #expect(refusal("-", [], to: target).contains("standard input: frames are copied in a second reading"))
        #expect(refusal(folder.file("none"), [], to: target).contains("No such file"))
        #expect(refusal(source, [], to: source).contains("it is the capture that the frames come from"))
        #expect(refusal(source, [], to: folder.file("no/folder")).contains("No such file"))
        let evidence = Evidence(frame: 2, realtimeNanoseconds: 5, text: "text")
        let changed = EvidenceFinding(title: "cache", reason: "", evidence: [evidence])
        #expect(refusal(source, [changed], to: target).contains("frame 2 has another time"))
        #expect(try folder.read("evidence.pcapng") == [1, 2, 3])
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(left.sorted() == ["capture", "evidence.pcapng", "pipe"])
    }

    @Test("A thousand large frames go over the disk and come out in the order of time")
    func manyFrames() throws {
        let folder = try ScratchFolder()
        defer { withExtendedLifetime(folder) {} }
        // Later frames have earlier times.
        let frames = (0..<1_000).map { number in
            (
                time: Int64(2_000 - number) * 1_000_000_000,
                octets: [UInt8](repeating: UInt8(number % 251), count: 20_000)
            )
        }
        let source = try folder.write(PacketBuilder.pcap(frames, nanoseconds: true))
        let numbers = Dictionary(uniqueKeysWithValues: (1...1_000).map { (FrameNumber(UInt64($0)), "text") })
        let target = folder.file("evidence.pcapng")
        let outcome = try EvidenceFile.write(
            [EvidenceSource(path: source, findings: [Self.finding("cache", numbers)])],
            origin: Self.origin,
            to: target
        )
        #expect(outcome == EvidenceFile.Outcome(frames: 1_000, missing: 0))
        var window = try FileWindow(path: target)
        var reader = try CaptureFileReader(window: &window, path: target)
        var counter = FrameCounter()
        #expect(reader.readAll(from: &window, into: &counter) == nil)
        #expect(counter.times == frames.reversed().map(\.time))
        #expect(counter.octets == 20_000_000)
    }

    @Test("The frames that faults cite are those of the file: datagrams, segments of one message, handshakes")
    func citedByFaults() throws {
        let folder = try ScratchFolder()
        defer { withExtendedLifetime(folder) {} }
        let name = try DNSName("lost.example.com")
        let query = try Wire.query(name, id: 7)
        let framed = PacketBuilder.big(UInt16(query.count)) + query
        func packet(_ payload: [UInt8], _ source: Endpoint, _ target: Endpoint, _ ipProtocol: UInt8) -> [UInt8] {
            PacketBuilder.ethernet(PacketBuilder.ipv4(payload, from: source, to: target, ipProtocol: ipProtocol))
        }
        func segment(
            _ payload: ArraySlice<UInt8>,
            _ source: Endpoint,
            _ target: Endpoint,
            _ sequence: UInt32,
            _ flags: TCPFlags
        ) -> [UInt8] {
            let octets = PacketBuilder.tcp(
                Array(payload),
                from: source,
                to: target,
                sequence: sequence,
                acknowledgement: 2,
                flags: flags
            )
            return packet(octets, source, target, 6)
        }
        let other = Endpoint(address: Wire.pod.address, port: 40_001)
        let octets = [
            packet(PacketBuilder.udp(query, from: Wire.pod, to: Wire.cache), Wire.pod, Wire.cache, 17),
            segment([], other, Wire.cache, 1, [.syn]), segment(framed[..<9], other, Wire.cache, 2, [.ack]),
            segment(framed[9...], other, Wire.cache, 11, [.ack]),
            segment([], Wire.node, Wire.endpoint, 1, [.syn]), segment([], Wire.endpoint, Wire.node, 1, [.rst, .ack]),
            packet(PacketBuilder.udp(query, from: Wire.pod, to: Wire.clusterDNS), Wire.pod, Wire.clusterDNS, 17),
        ]
        // The last one comes so late that nothing before it can still be answered.
        let frames = octets.enumerated().map { number, octets in
            let nanoseconds = Int64(number) * 7_000_003 + Int64(number / 6) * 60_000_000_000
            return (time: SampleFrames.firstTime + nanoseconds, octets: octets)
        }
        let source = try folder.write(PacketBuilder.pcap(frames, nanoseconds: true))
        let result = try CaptureFile.read(path: source, options: CaptureOptions(roles: Wire.roles))
        let faults = result.findings.faults
        let findings = faults.seen.map { fault in
            EvidenceFinding(title: fault.rawValue, reason: fault.meaning, evidence: faults.evidence(fault))
        }
        let cited = Set(findings.flatMap(\.evidence).map(\.frame))
        #expect(cited.isSuperset(of: [1, 3, 7]), "\(findings)")
        #expect(!cited.isDisjoint(with: [5, 6]), "\(findings)")
        let outcome = try EvidenceFile.write(
            [EvidenceSource(path: source, findings: findings)],
            origin: Self.origin,
            to: folder.file("evidence.pcapng")
        )
        #expect(outcome == EvidenceFile.Outcome(frames: cited.count, missing: 0))
    }

    @Test(
        "Frames of a live capture on all interfaces come out of its file with the interface that each was seen on",
        .enabled(if: Privileges.isRoot, "live capture in a namespace needs root"),
        .enabled(if: ScratchFolder.hasTool("tshark"), "tshark is not installed")
    )
    func liveCapture() throws {
        let folder = try ScratchFolder()
        defer { withExtendedLifetime(folder) {} }
        let namespace = try NetworkNamespace.create()
        let server = try #require(Endpoint("127.0.0.1:53"))
        var settings = LiveSettings()
        settings.blockTimeoutMilliseconds = 20
        settings.writePath = folder.file("live.pcap")
        let capture = try LiveCapture(namespace: namespace, options: CaptureOptions(), settings: settings)
        try capture.start()
        let queries = try (0..<3).map { try Wire.query(try DNSName("live\($0).example.com"), id: UInt16($0)) }
        try namespace.perform {
            let receiver = try UDPSocket(boundTo: server)
            let sender = try UDPSocket(connectedTo: server)
            for query in queries { try sender.send(query) }
            _ = receiver.fd
        }
        let result = try capture.stop()
        let record = try #require(result.records.last)
        let finding = EvidenceFinding(Proof(id: "cache", verdict: .violated, reason: "", evidence: [Evidence(record)]))
        let outcome = try EvidenceFile.write(
            [
                EvidenceSource(
                    path: folder.file("live.pcap"),
                    findings: [finding],
                    interfaceNames: capture.interfaceNames
                )
            ],
            origin: Self.origin,
            to: folder.file("evidence.pcapng")
        )
        #expect(outcome == EvidenceFile.Outcome(frames: 1, missing: 0))
        let comment = "frame \(record.frame) of \(folder.path)/live.pcap;cache violated: \(record.summary)"
        let fields = try Self.tshark(folder, "frame.interface_name", "dns.qry.name", "frame.comment")
        #expect(fields == ["lo\tlive2.example.com\t\(comment)"])
    }
}
