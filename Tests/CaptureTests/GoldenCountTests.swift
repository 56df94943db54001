import Testing

@testable import Capture

@Suite("Sample captures", .enabled(if: SampleCaptures.arePresent, "\(SampleCaptures.comment)"))
struct GoldenCountTests {
    @Test(
        "Every message that exists is found",
        arguments: [
            ("dnso1tcp", 82), ("dnso1tcp-bighole", 76), ("dnso1tcp-midmiss", 6), ("1qtcpnosyn", 2),
            ("do1t-nosyn-1nolen", 3), ("dnsotcp-many1pkt", 4), ("dnsotcp-manyopkts", 3), ("1qtcppadd", 2),
            ("ether_padd", 0), ("ipv6-with-ethernet-padding", 1), ("frags", 82), ("vlan11", 82), ("sll2", 2),
            ("edns", 14), ("dns", 82), ("dns6", 2), ("dnspad", 1), ("icmp", 0),
        ]
    )
    func findsEveryMessage(name: String, count: UInt64) throws {
        let result = try CaptureFile.read(path: SampleCaptures.path(name))
        #expect(result.report.messages.messages == count, "\(result.report)")
        #expect(result.damage == nil)
        #expect(result.report.isBalanced)
    }

    // The table of the samples counts two messages in do1t-nosyn-1nolen, as tshark finds two; the file holds two
    // queries and two responses, and only the first query lacks its length prefix (frames 1, 3, 5 and 7, 9).
    @Test(
        "A message that lost its length prefix is kept beside the complete ones",
        arguments: [
            ("do1t-nosyn-1nolen", 1), ("dnso1tcp-bighole", 1), ("dnso1tcp", 0),
        ]
    )
    func keepsHeadless(name: String, count: UInt64) throws {
        let result = try CaptureFile.read(path: SampleCaptures.path(name))
        #expect(result.report.messages.headless == count)
        #expect(UInt64(result.records.count) == result.report.messages.messages + count)
        #expect(result.report.transactions.unsolicited == 0)
    }

    @Test(
        "Queries and responses of clean files pair as tshark 4.0 pairs them",
        arguments: [
            ("dns", 41), ("dnso1tcp", 41), ("frags", 41), ("vlan11", 41), ("edns", 7), ("dns6", 1), ("sll2", 1),
            ("1qtcpnosyn", 1), ("1qtcppadd", 1),
        ]
    )
    func pairsLikeTshark(name: String, count: UInt64) throws {
        let report = try CaptureFile.read(path: SampleCaptures.path(name)).report
        #expect(report.transactions.matched == count)
        #expect(report.transactions.unsolicited == 0)
    }
}
