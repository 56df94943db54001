import DNSBench
import DNSWire
import Foundation
import LinuxNet
import Synchronization
import Testing

/// Answers over UDP on loopback and keeps what was asked, in order.
private final class Recorder: Sendable {
    let endpoint: Endpoint
    private let stop = StopFlag()
    private let thread: RunningThread
    private let keeper = Keeper()

    init() throws {
        let socket = try UDPSocket(boundTo: Endpoint(address: .v4(0x7f00_0001), port: 0))
        endpoint = try socket.localEndpoint
        let descriptor = socket.release()
        let stop = stop
        let keeper = keeper
        thread = try Threads.start(name: "recorder") {
            let socket = UDPSocket(adopting: descriptor, family: .ipv4)
            while !stop.isRaised {
                guard let datagram = try? socket.receive(timeoutNanoseconds: 20_000_000) else { continue }
                keeper.append(datagram.bytes)
                var answer = datagram.bytes
                answer[2] |= 0x80
                try? socket.send(answer, to: datagram.info.source)
            }
        }
    }

    /// Ends the thread; the messages without their ids.
    func finish() -> [[UInt8]] {
        stop.raise()
        thread.join()
        return keeper.all.map { Array($0.dropFirst(2)) }
    }
}

private final class Keeper: Sendable {
    private let messages = Mutex<[[UInt8]]>([])
    func append(_ message: [UInt8]) { messages.withLock { $0.append(message) } }
    var all: [[UInt8]] { messages.withLock { $0 } }
}

@Suite("Data files as dnsperf reads them", .serialized, .timeLimit(.minutes(3)))
struct DnsperfDifferenceTests {
    /// Every mnemonic that dnsperf knows (IANA's registry of record types) but TA, of which 2.10.0 makes a TALINK.
    private static let types = """
        A NS MD MF CNAME SOA MB MG MR NULL WKS PTR HINFO MINFO MX TXT RP AFSDB X25 ISDN RT NSAP NSAP-PTR SIG \
        KEY PX GPOS AAAA LOC NXT EID NIMLOC SRV ATMA NAPTR KX CERT A6 DNAME SINK APL DS SSHFP IPSECKEY RRSIG \
        NSEC DNSKEY DHCID NSEC3 NSEC3PARAM TLSA SMIMEA HIP NINFO RKEY TALINK CDS CDNSKEY OPENPGPKEY CSYNC \
        ZONEMD SVCB HTTPS SPF UINFO UID GID UNSPEC NID L32 L64 LP EUI48 EUI64 TKEY TSIG IXFR AXFR MAILB \
        MAILA ANY URI CAA AVC DOA AMTRELAY DLV
        """.split(separator: " ")
    static let corpus: [String] = [
        "example.com A\nexample.com. AAAA\n",
        "; a comment\n;another A\n\nexample.com A\n\n\nb.example MX",
        "Mixed.Case.Example a\nmixed.case.example AaAa\nx.example TxT\n",
        "tab.example\tA\nspaces.example     A   \ntrailing.example A\t\n",
        "words.example A further words 10.0.0.0/8\n#hash.example A\n",
        "_dns-tcp._tcp.kube-dns.kube-system.svc.cluster.local SRV\n10.0.96.10.in-addr.arpa PTR\n",
        "t.example TYPE65\nt.example TYPE65535\nt.example TYPE1\n",
        "any.example ANY\nsoa.example SOA\nns.example NS\ncname.example CNAME\nds.example DS\ncaa.example CAA\n",
        ". NS\n. A\n",
        types.map { "type.example \($0)\n" }.joined(),
        String(repeating: "a", count: 63) + ".example A\n",
        (0..<40).map { _ in "abcd" }.joined(separator: ".") + " A\n",
        "dot\\.inside.example A\nback\\\\slash.example A\n",
        (0..<300).map { "svc-\($0).ns-\($0 % 7).svc.cluster.local \($0 % 2 == 0 ? "A" : "AAAA")" }.joined(
            separator: "\n"
        ),
    ]

    @Test("The same file gives the same queries on the wire", arguments: corpus.indices)
    func same(index: Int) async throws {
        let text = DnsperfDifferenceTests.corpus[index]
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nldns-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("queries")
        try Data(text.utf8).write(to: file)

        let theirs = try Recorder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "dnsperf", "-s", "127.0.0.1", "-p", "\(theirs.endpoint.port)", "-d", file.path, "-q", "1", "-c", "1", "-n",
            "1",
            "-t", "5",
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "dnsperf must run; it is in scripts/setup test")
        let expected = theirs.finish()

        let ours = try Recorder()
        let workload = try Workload.dataFile(Array(text.utf8), file: file.path)
        let plan = LoadPlan(
            target: ours.endpoint,
            model: .closed(outstanding: 1),
            limit: .queries(UInt64(workload.queryCount)),
            connections: 1
        )
        let result = try await LoadEngine.run(plan, workload, stop: StopFlag())
        #expect(result.counters.answered == UInt64(workload.queryCount))
        let sent = ours.finish()
        #expect(!expected.isEmpty && sent.count == expected.count, "file \(index)")
        for (line, (mine, other)) in zip(sent, expected).enumerated() {
            #expect(mine == other, "file \(index), query \(line + 1)")
        }
    }
}
