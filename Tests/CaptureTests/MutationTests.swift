import DNSWire
import Glibc
import Testing

@testable import Capture

@Suite(
    "A million mutations",
    .serialized,
    .enabled(if: SampleCaptures.arePresent, "\(SampleCaptures.comment)"),
    .timeLimit(.minutes(5))
)
struct MutationTests {
    /// The frames of a file, in memory.
    private struct Collector: FrameSink {
        var frames: [(octets: [UInt8], link: LinkType?, time: Int64)] = []

        mutating func accept(_ frame: RawSpan, link: LinkType?, at time: Int64, interfaceIndex: UInt32) {
            var octets: [UInt8] = []
            frame.append(0..<frame.byteCount, to: &octets)
            frames.append((octets, link, time))
        }
    }

    private static let samples = [
        "1qtcpnosyn", "1qtcppadd", "dns", "dns6", "dnso1tcp", "dnso1tcp-bighole", "dnso1tcp-midmiss",
        "dnsotcp-many1pkt", "dnsotcp-manyopkts", "dnspad", "do1t-nosyn-1nolen", "edns", "ether_padd", "frags", "icmp",
        "ipv6-with-ethernet-padding", "sll2", "vlan11",
    ]

    private static func frames() throws -> [(octets: [UInt8], link: LinkType?, time: Int64)] {
        var all = Collector()
        for name in samples {
            var window = try FileWindow(path: SampleCaptures.path(name))
            var reader = try CaptureFileReader(window: &window, path: name)
            #expect(reader.readAll(from: &window, into: &all) == nil)
        }
        return all.frames
    }

    /// Roles under which the samples' servers are cache and upstream, so that the ledger has work.
    private static func options(_ frames: [(octets: [UInt8], link: LinkType?, time: Int64)]) throws -> CaptureOptions {
        var limits = CaptureLimits()
        limits.records = 256
        limits.openTransactions = 512
        limits.questions = 64
        limits.connections = 16
        var listen: [Endpoint] = []
        for frame in frames.prefix(40) {
            guard let link = frame.link else { continue }
            let decoded = FrameDecoder.decode(frame.octets.span.bytes, link: link)
            if decoded.destinationPort == 53 { listen.append(Endpoint(address: decoded.destination, port: 53)) }
        }
        var options = CaptureOptions(roles: CaptureRoles(listen: listen), limits: limits)
        options.zones = [ProofZone(name: .root, upstream: .tcp, upstreamAddresses: [])]
        return options
    }

    @Test("Frames with changed octets, lost, doubled and cut, keep every identity and every bound")
    func mutate() async throws {
        let frames = try Self.frames()
        let options = try Self.options(frames)
        // Half of them each on two threads, which is all that a small machine has.
        await withTaskGroup(of: Void.self) { group in
            for seed in 0..<2 as Range<UInt64> {
                group.addTask { Self.mutate(frames, options, times: 500_000, seed: 20_261_126 + seed) }
            }
        }
    }

    private static func mutate(
        _ frames: [(octets: [UInt8], link: LinkType?, time: Int64)],
        _ options: CaptureOptions,
        times: Int,
        seed: UInt64
    ) {
        var random = SplitMix(state: seed)
        var mutations = 0
        while mutations < times {
            var engine = CaptureEngine(options: options)
            for frame in frames {
                var octets = frame.octets
                guard !octets.isEmpty, random.next() % 32 != 0 else { continue }
                for _ in 0...(random.next() % 4) {
                    octets[Int(random.next() % UInt64(octets.count))] = UInt8(truncatingIfNeeded: random.next())
                    mutations += 1
                }
                if random.next() % 16 == 0 { octets.removeLast(Int(random.next() % UInt64(octets.count))) }
                for _ in 0...(random.next() % 8 == 0 ? 1 : 0) {
                    engine.accept(
                        octets.span.bytes,
                        link: frame.link,
                        at: frame.time,
                        interfaceIndex: UInt32(random.next() % 3)
                    )
                }
            }
            #expect(engine.report.openTransactions <= UInt64(options.limits.openTransactions))
            #expect(engine.report.isBalanced, "\(engine.report.accounting)")
            engine.finish()
            #expect(engine.report.isBalanced, "\(engine.report.accounting)")
            let ledger = engine.findings.ledger
            #expect(ledger.isBalanced && ledger.waiting == 0, "\(ledger)")
        }
    }
}
