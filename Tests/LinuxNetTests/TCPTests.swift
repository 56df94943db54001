import DNSWire
import Glibc
import LinuxNet
import Testing

@Suite("TCP sockets")
struct TCPTests {
    @Test("Bytes cross loopback, half-close is seen as end of stream", arguments: [AddressFamily.ipv4, .ipv6])
    func exchange(family: AddressFamily) throws {
        let listener = try TCPListener(bindTo: Endpoint(address: family.loopbackAddress, port: 0))
        let target = try listener.localEndpoint
        let client = try TCPStream.connect(to: target, timeoutNanoseconds: 1_000_000_000)
        let accepted = try listener.accept(timeoutNanoseconds: 1_000_000_000)
        guard let server = accepted else {
            Issue.record("no connection came in")
            return
        }
        let (peer, local) = (try server.peerEndpoint, try client.localEndpoint)
        #expect(peer == local)
        try client.setNoDelay()
        try client.send([0, 1, 2, 3])
        let four = try server.receive(exactly: 4, timeoutNanoseconds: 1_000_000_000)
        #expect(four == [0, 1, 2, 3])
        try client.shutdownWrite()
        var buffer = [UInt8](repeating: 0, count: 16)
        let end = try server.receive(into: &buffer, timeoutNanoseconds: 1_000_000_000)
        #expect(end == 0)
        try server.send([5])
        let one = try client.receive(into: &buffer, timeoutNanoseconds: 1_000_000_000)
        #expect(one == 1)
        let none = try client.receive(into: &buffer, timeoutNanoseconds: 5_000_000)
        #expect(none == nil)
    }

    @Test("Two writes are two segments with data, one write is one more")
    func segments() throws {
        let listener = try TCPListener(bindTo: Endpoint(address: .v4(0x7f00_0001), port: 0))
        let client = try TCPStream.connect(to: try listener.localEndpoint, timeoutNanoseconds: 1_000_000_000)
        guard let server = try listener.accept(timeoutNanoseconds: 1_000_000_000) else {
            Issue.record("no connection came in")
            return
        }
        try server.setNoDelay()
        let none = try client.receivedDataSegments
        try server.send([0, 5])
        try server.send([1, 2, 3, 4, 5])
        _ = try client.receive(exactly: 7, timeoutNanoseconds: 1_000_000_000)
        let split = try client.receivedDataSegments
        try server.send([0, 1, 9])
        _ = try client.receive(exactly: 3, timeoutNanoseconds: 1_000_000_000)
        let whole = try client.receivedDataSegments
        #expect([none, split, whole] == [0, 2, 3])
    }

    @Test("A reset is seen by the peer as an error, not as an end of stream")
    func reset() throws {
        let listener = try TCPListener(bindTo: Endpoint(address: .v4(0x7f00_0001), port: 0))
        let client = try TCPStream.connect(to: try listener.localEndpoint, timeoutNanoseconds: 1_000_000_000)
        guard let server = try listener.accept(timeoutNanoseconds: 1_000_000_000) else {
            Issue.record("no connection came in")
            return
        }
        try server.reset()
        var buffer = [UInt8](repeating: 0, count: 16)
        var seen: NetError?
        do { _ = try client.receive(into: &buffer, timeoutNanoseconds: 1_000_000_000) } catch { seen = error }
        #expect(seen?.isConnectionReset == true)
    }

    @Test("Connecting to a closed port says so in one sentence")
    func refused() throws {
        let closed: Endpoint
        do { closed = try TCPListener(bindTo: Endpoint(address: .v4(0x7f00_0001), port: 0)).localEndpoint }
        var seen: NetError?
        do { _ = try TCPStream.connect(to: closed, timeoutNanoseconds: 1_000_000_000) } catch { seen = error }
        #expect(seen?.description == "cannot connect TCP to \(closed): Connection refused")
    }

    @Test("Accepting with nobody there ends at its deadline")
    func acceptTimeout() throws {
        let listener = try TCPListener(bindTo: Endpoint(address: .v4(0x7f00_0001), port: 0))
        let accepted = try listener.accept(timeoutNanoseconds: 5_000_000)
        switch accepted {
        case .none: break
        case .some: Issue.record("a connection out of nowhere")
        }
    }
}
