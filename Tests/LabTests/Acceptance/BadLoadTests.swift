import Foundation
import Testing

/// Every load here is refused before a packet is sent: the target is a recorder that must stay empty.
@Suite("Loads that cannot be run", .serialized, .timeLimit(.minutes(3)))
struct BadLoadTests {
    private func refused(_ arguments: [String], _ status: Int32, _ expected: String) throws {
        let echo = try EchoProcess(["--transport", "both"])
        let outcome = try Nldns.run(["bench", "--target", echo.endpoint, "--quiet"] + arguments, limitSeconds: 60)
        let counts = try echo.finish()
        #expect(outcome.status == status, "\(arguments): exit \(outcome.status), \(outcome.messages)")
        #expect(outcome.messages.contains(expected), "\(arguments): \(outcome.messages)")
        #expect(counts["queries"] == 0, "\(arguments): something was sent")
        #expect(outcome.output.isEmpty || !outcome.output.contains("\"load\""))
    }

    @Test("Data files: unreadable, empty, binary, with over-long names and unknown words")
    func dataFiles() throws {
        let folder = try Nldns.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        func file(_ name: String, _ bytes: [UInt8]) throws -> String {
            let url = folder.appendingPathComponent(name)
            try Data(bytes).write(to: url)
            return url.path
        }
        let long = String(repeating: "a", count: 64)
        try refused(["--data", folder.appendingPathComponent("none").path], 66, "cannot be opened")
        try refused(["--data", folder.path], 66, "cannot be")
        try refused(["--data", try file("empty", [])], 65, "holds no query")
        try refused(["--data", try file("comment", Array("; no\n".utf8))], 65, "holds no query")
        try refused(["--data", try file("binary", [0, 1, 2, 3, 10, 0])], 65, ":1: a zero octet")
        try refused(["--data", try file("label", Array("x A\n\(long).example A\n".utf8))], 65, ":2: ")
        try refused(
            ["--data", try file("name", Array((String(repeating: "abcdefg.", count: 33) + "x A\n").utf8))],
            65,
            ":1: "
        )
        try refused(["--data", try file("type", Array("x.example\n".utf8))], 65, "no query type behind it")
        try refused(["--data", try file("word", Array("x.example A +nope\n".utf8))], 65, "+nope is no word")
        try refused(["--binary-data", try file("cut", [0, 9, 1])], 65, "the file ends before them")
        try refused(["--service-list", try file("services", Array("{}".utf8))], 65, "is no list of Services")
        try refused(["--names", try file("names", Array("what a.b\n".utf8))], 65, "is no part of a workload")
        try refused(["--replay", try file("pcap", [1, 2, 3]), "--allow-load"], 65, "no capture file")
    }

    @Test(
        "Rates, windows, shapes and paths out of range",
        arguments: [
            (["--rate", "0"], "--rate takes"), (["--rate=-1"], "--rate takes"), (["--rate", "1e9"], "--rate takes"),
            (["--rate", "0.0000000001"], "--rate takes"), (["--rate", "2000"], "--allow-load"),
            (["--outstanding", "0"], "--outstanding takes"), (["--outstanding", "9999999"], "out of range"),
            (["--rate", "5", "--outstanding", "5"], "exclude each other"), (["--stages", "5"], "no stage"),
            (["--stages", "0/s:1s"], "no query is due"), (["--stages", "10-20/s:1s,x"], "no stage"),
            (["--burst", "5"], "--burst-every"), (["--burst", "2000", "--burst-every", "1h"], "--allow-load"),
            (["--replay", "x.pcap", "--data", "y"], "--replay sends"), (["--replay-speed", "2"], "needs --replay"),
            (["--find-max"], "--allow-load"), (["--goal-p99", "5ms"], "needs --find-max"),
            (["--find-max", "--duration", "5s"], "leave --duration out"), (["--duration", "5"], "number with a unit"),
            (["--find-max", "--queries", "5"], "changes nothing in a search"),
            (["--phases", "cold", "--queries", "5"], "exclude each other"),
            (["--phases", "hot"], "There is no phase"), (["--phases", "cold", "--outstanding", "5"], "needs 'rate'"),
            (["--phases", "cold", "--miss-rate", "5%"], "exclude each other"), (["--miss-rate", "150%"], "no share"),
            (["--popularity", "zipf:9"], "no popularity"), (["--edns-option", "10:0"], "no EDNS option"),
            (["--verify", "all"], "verify"), (["--interval", "1ms"], "out of range"),
            (["--timeout", "1h"], "out of range"),
            (["--source", "::1"], "one is IPv4 and the other IPv6"),
            (["--source", "192.0.2.1"], "no address of this host"),
            (["--source", "nowhere"], "no address or prefix"), (["--source-ports", "9-1"], "no range of ports"),
            (["--source-ports", "20000-20001"], "the source addresses and ports give 2"),
            (["--pipeline", "5"], "transport tcp only"),
            (["--transport", "tcp", "--segmentation-offload"], "transport udp only"),
            (["--connections", "0"], "out of range"), (["--threads", "9", "--connections", "3"], "each thread needs"),
            (["--netns", "../../etc"], "no name of a network namespace"),
        ] as [([String], String)]
    )
    func ranges(arguments: [String], expected: String) throws { try refused(arguments, 64, expected) }

    @Test("A namespace that is not there is input missing")
    func namespace() throws {
        try refused(["--netns", "nldns-no-such-namespace"], 66, "there is no network namespace named")
        try refused(["--netns", "2147483647"], 66, "there is no process")
    }
}
