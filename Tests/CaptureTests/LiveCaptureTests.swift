import DNSWire
import Glibc
import LinuxNet
import Testing

@testable import Capture

@Suite("Live capture", .serialized, .enabled(if: Privileges.isRoot, "live capture in a namespace needs root"))
struct LiveCaptureTests {
    private static let settings: LiveSettings = {
        var settings = LiveSettings()
        settings.blockTimeoutMilliseconds = 20
        return settings
    }()

    private static func endpoint(_ text: String) throws -> Endpoint {
        try #require(Endpoint(text))
    }

    private static func query(_ name: String, id: UInt16) throws -> [UInt8] {
        try Message.query(id: id, name: DNSName(name), type: .a).encode()
    }

    @Test(
        "What is sent on lo is there after a flush, once each, on lo and on any",
        arguments: [["lo"], [], ["lo", "any"]]
    )
    func capturesLoopback(interfaces: [String]) async throws {
        let namespace = try NetworkNamespace.create()
        let server = try Self.endpoint("127.0.0.1:53")
        let options = CaptureOptions(roles: CaptureRoles(listen: [server]))
        let capture = try LiveCapture(
            interfaces: interfaces,
            namespace: namespace,
            options: options,
            settings: Self.settings
        )
        try capture.start()
        let queries = try (0..<50).map { try Self.query("n\($0).example.com", id: UInt16($0)) }
        try namespace.perform {
            let receiver = try UDPSocket(boundTo: server)
            let sender = try UDPSocket(connectedTo: server)
            for query in queries { try sender.send(query) }
            _ = receiver.fd
        }
        #expect(await capture.flush())
        #expect(capture.count(matching: MessageFilter(side: .client)) == 50)
        #expect(capture.count(matching: MessageFilter(name: try DNSName("N7.example.COM"), type: .a)) == 1)
        #expect(capture.count(matching: MessageFilter(zone: try DNSName("com"), transport: .tcp)) == 0)
        let result = try capture.stop()
        #expect(result.report.isBalanced, "\(result.report.accounting)")
        #expect(result.report.messages.messages == 50)
        #expect(result.report.losses.isEmpty)
        #expect(result.records.allSatisfy { $0.realtimeNanoseconds > 1_600_000_000_000_000_000 })
        #expect(result.interfaceNames.values.contains("lo"))
    }

    @Test("An unknown interface is refused with the names of those that exist")
    func refusesUnknownInterface() throws {
        let namespace = try NetworkNamespace.create()
        #expect(throws: CaptureError.noSuchInterface(name: "nosuch0", available: ["lo"])) {
            try LiveCapture(interfaces: ["nosuch0"], namespace: namespace, options: CaptureOptions())
        }
    }

    @Test("Without CAP_NET_RAW the error names the capability")
    func namesMissingCapability() throws {
        let error = try Threads.runBlocking(name: "unprivileged") { () -> CaptureError? in
            try Privileges.dropCapabilities(keeping: [])
            do throws(CaptureError) {
                _ = try LiveCapture(roles: CaptureRoles())
                return nil
            } catch {
                return error
            }
        }
        #expect(error == .missingCapability(operation: "capture on any", capability: "CAP_NET_RAW"))
        #expect(error?.isPrivilege == true)
    }

    @Test("Frames are written to a file that reads back the same")
    func writesFile() async throws {
        let namespace = try NetworkNamespace.create()
        let server = try Self.endpoint("127.0.0.1:53")
        let path = "/tmp/nldns-capture-test-\(getpid()).pcap"
        defer { unlink(path) }
        var settings = Self.settings
        settings.writePath = path
        let capture = try LiveCapture(namespace: namespace, options: CaptureOptions(), settings: settings)
        try capture.start()
        let query = try Self.query("written.example.com", id: 7)
        try namespace.perform {
            let receiver = try UDPSocket(boundTo: server)
            let sender = try UDPSocket(connectedTo: server)
            try sender.send(query)
            _ = receiver.fd
        }
        let live = try capture.stop()
        let read = try CaptureFile.read(path: path)
        #expect(read.report.packets == live.report.packets)
        #expect(read.records.map(\.summary) == live.records.map(\.summary))
        #expect(read.records.map(\.realtimeNanoseconds) == live.records.map(\.realtimeNanoseconds))
        #expect(live.records.count == 1)
    }

    @Test(
        "A query seen on a veth and on its bridge is one message; TCP is read beside UDP",
        .enabled(if: NodeNetwork.hasTools, "ip(8) is not installed")
    )
    func foldsBridgeDuplicates() async throws {
        let network = try NodeNetwork()
        let server = try Self.endpoint("10.244.0.1:53")
        let options = CaptureOptions(roles: CaptureRoles(listen: [server]))
        let capture = try LiveCapture(namespace: network.node, options: options, settings: Self.settings)
        try capture.start()
        let query = try Self.query("dup.example.com", id: 3)
        let response = try Wire.response(try DNSName("dup.example.com"), id: 3, ttl: 30)
        let receiver = try network.node.perform { try UDPSocket(boundTo: server) }
        let listener = try network.node.perform { try TCPListener(bindTo: server) }
        try network.pod.perform {
            let sender = try UDPSocket(connectedTo: server)
            try sender.send(query)
            guard let received = try receiver.receive(timeoutNanoseconds: 2_000_000_000) else {
                throw NetError(operation: "receive", code: ETIMEDOUT)
            }
            try receiver.send(response, to: received.info.source)
            _ = try sender.receive(timeoutNanoseconds: 2_000_000_000)
            let stream = try TCPStream.connect(to: server, timeoutNanoseconds: 2_000_000_000)
            guard let accepted = try listener.accept(timeoutNanoseconds: 2_000_000_000) else {
                throw NetError(operation: "accept", code: ETIMEDOUT)
            }
            let framed = PacketBuilder.big(UInt16(query.count)) + query
            try stream.setNoDelay()
            for octet in framed { try stream.send([octet]) }
            _ = try accepted.receive(exactly: framed.count, timeoutNanoseconds: 2_000_000_000)
        }
        #expect(await capture.flush())
        let result = try capture.stop()
        #expect(result.report.isBalanced, "\(result.report.accounting)")
        #expect(result.records.count == 3, "\(result.records.map(\.summary))")
        #expect(result.records.map(\.transport) == [.udp, .udp, .tcp])
        #expect(result.report.transactions.matched == 1)
        #expect(result.report.frames.duplicates >= 4)
        #expect(result.report.losses.isEmpty, "\(result.report.losses)")
        #expect(Set(result.interfaceNames.values).isSuperset(of: ["lo", "cni0", "veth0"]))
    }
}
