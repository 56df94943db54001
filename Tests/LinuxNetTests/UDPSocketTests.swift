import DNSWire
import Glibc
import LinuxNet
import Testing

@Suite("UDP sockets")
struct UDPSocketTests {
    @Test("A datagram crosses loopback with its source and a kernel timestamp", arguments: [AddressFamily.ipv4, .ipv6])
    func roundTrip(family: AddressFamily) throws {
        let server = try UDPSocket(boundTo: Endpoint(address: family.loopbackAddress, port: 0))
        try server.enableReceiveTimestamps()
        try server.enablePacketInfo()
        let target = try server.localEndpoint
        let client = try UDPSocket(connectedTo: target)
        let before = Clock.realtimeNanoseconds()
        try client.send([1, 2, 3])
        var buffer = [UInt8](repeating: 0, count: 512)
        let received = try server.receive(into: &buffer, timeoutNanoseconds: 1_000_000_000)
        let datagram = try #require(received)
        let after = Clock.realtimeNanoseconds()
        #expect(Array(buffer[..<datagram.count]) == [1, 2, 3])
        let clientEndpoint = try client.localEndpoint
        #expect(datagram.source == clientEndpoint)
        #expect(datagram.localAddress == family.loopbackAddress)
        #expect(!datagram.isTruncated)
        let stamp = try #require(datagram.realtimeTimestamp)
        #expect(stamp >= before - 1_000_000 && stamp <= after)

        try server.send([9], to: datagram.source, from: datagram.localAddress)
        let answer = try client.receive(timeoutNanoseconds: 1_000_000_000)
        #expect(answer?.bytes == [9])
    }

    @Test("A receive with nothing there ends at its deadline")
    func timeout() throws {
        let socket = try UDPSocket(boundTo: Endpoint(address: .v4(0x7f00_0001), port: 0))
        let start = Clock.monotonicNanoseconds()
        let first = try socket.receive(timeoutNanoseconds: 20_000_000)
        #expect(first == nil)
        let elapsed = Clock.monotonicNanoseconds() - start
        #expect(elapsed >= 20_000_000 && elapsed < 2_000_000_000)
        let second = try socket.receive(timeoutNanoseconds: 0)
        #expect(second == nil)
    }

    @Test("A closed port is reported as connection refused")
    func refused() throws {
        let closed: Endpoint
        do {
            let socket = try UDPSocket(boundTo: Endpoint(address: .v4(0x7f00_0001), port: 0))
            closed = try socket.localEndpoint
        }
        let client = try UDPSocket(connectedTo: closed)
        try client.send([1])
        var seen: NetError?
        do { _ = try client.receive(timeoutNanoseconds: 1_000_000_000) } catch { seen = error }
        #expect(seen?.isConnectionRefused == true)
        #expect(seen?.description == "cannot receive UDP: Connection refused")
    }

    @Test("A datagram longer than the buffer is marked truncated")
    func truncated() throws {
        let server = try UDPSocket(boundTo: Endpoint(address: .v4(0x7f00_0001), port: 0))
        let client = try UDPSocket(connectedTo: try server.localEndpoint)
        try client.send([UInt8](repeating: 7, count: 100))
        var buffer = [UInt8](repeating: 0, count: 10)
        let received = try server.receive(into: &buffer, timeoutNanoseconds: 1_000_000_000)
        let datagram = try #require(received)
        #expect(datagram.isTruncated && datagram.count == 10)
    }

    @Test("An address that no interface holds can be bound only when asked for")
    func freeBind() throws {
        let foreign = Endpoint(address: .v4(0xc612_0009), port: 0)
        #expect(throws: NetError(operation: "bind UDP", code: EADDRNOTAVAIL, endpoint: foreign)) {
            _ = try UDPSocket(boundTo: foreign)
        }
        let socket = try UDPSocket(family: .ipv4)
        try socket.enableFreeBind()
        try socket.bind(to: foreign)
    }
}

@Suite("Datagram batches")
struct DatagramBatchTests {
    @Test("A batch is received, answered in place to each sender, and received again by its ring")
    func echo() throws {
        let server = try UDPSocket(boundTo: Endpoint(address: .v4(0x7f00_0001), port: 0))
        let client = try UDPSocket(connectedTo: try server.localEndpoint)
        try client.enableReceiveTimestamps()
        try client.enableDropCounter()
        let serverRing = try DatagramBatch(slots: 16, slotBytes: 128, wantsSource: true)
        let clientRing = try DatagramBatch(slots: 16, slotBytes: 128, wantsSource: false)
        for round in 0..<3 {
            for index in 0..<10 {
                clientRing.slot(index)[0] = UInt8(round * 10 + index)
                clientRing.setLength(index + 1, ofSlot: index)
            }
            let sent = try clientRing.send(count: 10, on: client.fd)
            #expect(sent == 10)
            _ = try Readiness.wait(for: .readable, on: server.fd, untilMonotonic: Clock.deadline(after: 1_000_000_000))
            let got = try serverRing.receive(on: server.fd)
            #expect(got == 10)
            for index in 0..<got {
                let length = serverRing.receivedLength(index)
                #expect(length == index + 1)
                serverRing.slot(index)[1] = 0xee
                serverRing.setReply(length: 20, ofSlot: index)
            }
            let returned = try serverRing.send(count: got, on: server.fd)
            #expect(returned == got)
            _ = try Readiness.wait(for: .readable, on: client.fd, untilMonotonic: Clock.deadline(after: 1_000_000_000))
            let back = try clientRing.receive(on: client.fd)
            #expect(back == 10)
            for index in 0..<back {
                let octets = Array(clientRing.slot(index)[..<2])
                let (length, stamp) = (clientRing.receivedLength(index), clientRing.realtimeTimestamp(index))
                #expect(octets == [UInt8(round * 10 + index), 0xee])
                #expect(length == 20)
                #expect(stamp != 0)
            }
        }
        let rest = try clientRing.receive(on: client.fd)
        #expect(rest == 0)
    }

    @Test("Datagrams that overflow the receive buffer are reported as dropped")
    func overflow() throws {
        let server = try UDPSocket(boundTo: Endpoint(address: .v4(0x7f00_0001), port: 0))
        try server.setReceiveBuffer(bytes: 2_048)
        try server.enableDropCounter()
        let client = try UDPSocket(connectedTo: try server.localEndpoint)
        for _ in 0..<200 { try client.send([UInt8](repeating: 0, count: 64)) }
        let ring = try DatagramBatch(slots: 64, slotBytes: 128, wantsSource: false)
        var received = try ring.receive(on: server.fd)
        #expect(received < 200)
        // The counter rides on datagrams queued after the loss.
        try client.send([1])
        _ = try Readiness.wait(for: .readable, on: server.fd, untilMonotonic: Clock.deadline(after: 1_000_000_000))
        let last = try ring.receive(on: server.fd)
        try #require(last > 0)
        received += last - 1
        let dropped = ring.droppedSoFar(last - 1)
        #expect(dropped.map(Int.init) == 200 - received)
    }
}

@Suite("What sockets tell besides datagrams")
struct SocketErrorTests {
    @Test("Transmit stamps come for the slots that asked, numbered from 0", arguments: [AddressFamily.ipv4, .ipv6])
    func transmitStamps(family: AddressFamily) throws {
        let server = try UDPSocket(boundTo: Endpoint(address: family.loopbackAddress, port: 0))
        let client = try UDPSocket(connectedTo: try server.localEndpoint)
        try client.enableSampledTimestamps()
        try client.skipPathMTU()
        let ring = try DatagramBatch(slots: 4, slotBytes: 64, wantsSource: false)
        let before = Clock.realtimeNanoseconds()
        for round in 0..<2 {
            for index in 0..<4 {
                ring.setLength(12, ofSlot: index)
                ring.setTransmitStamp(index % 2 == 1, ofSlot: index)
            }
            let sent = try ring.send(count: 4, on: client.fd)
            #expect(sent == 4)
            var keys: [UInt32] = []
            while let entry = client.takeError() {
                guard case .transmitted(let key, let stamp) = entry else { continue }
                keys.append(key)
                #expect(stamp >= before - 1_000_000 && stamp <= Clock.realtimeNanoseconds() + 1_000_000)
            }
            #expect(keys == [UInt32(2 * round), UInt32(2 * round + 1)])
        }
        _ = consume server
    }

    @Test("A closed port comes back through the error queue with its ICMP type")
    func portUnreachable() throws {
        let closed: Endpoint
        do {
            let socket = try UDPSocket(boundTo: Endpoint(address: .v4(0x7f00_0001), port: 0))
            closed = try socket.localEndpoint
        }
        let client = try UDPSocket(connectedTo: closed)
        try client.enableErrorQueue()
        try client.send([1])
        _ = try Readiness.wait(for: .readable, on: client.fd, untilMonotonic: Clock.deadline(after: 1_000_000_000))
        let entry = client.takeError()
        #expect(entry == .icmp(type: 3, code: 3, errno: ECONNREFUSED))
        let rest = client.takeError()
        #expect(rest == nil)
    }

    @Test("One call sends many datagrams of one length, and the rest as a shorter one")
    func segments() throws {
        let server = try UDPSocket(boundTo: Endpoint(address: .v4(0x7f00_0001), port: 0))
        let client = try UDPSocket(connectedTo: try server.localEndpoint)
        let bytes = (0..<70).map { UInt8($0) }
        let taken = bytes.withUnsafeBytes { client.sendSegments($0, of: 20) }
        #expect(taken == 70)
        var received: [[UInt8]] = []
        while let datagram = try server.receive(timeoutNanoseconds: 200_000_000) {
            received.append(datagram.bytes)
            if received.count == 4 { break }
        }
        #expect(
            received == [Array(bytes[0..<20]), Array(bytes[20..<40]), Array(bytes[40..<60]), Array(bytes[60..<70])]
        )
    }

    @Test("Drops are counted also when no datagram comes behind them")
    func dropsWithoutFollower() throws {
        let server = try UDPSocket(boundTo: Endpoint(address: .v4(0x7f00_0001), port: 0))
        try server.setReceiveBuffer(bytes: 2_048)
        let client = try UDPSocket(connectedTo: try server.localEndpoint)
        for _ in 0..<200 { try client.send([UInt8](repeating: 0, count: 64)) }
        let ring = try DatagramBatch(slots: 64, slotBytes: 128, wantsSource: false)
        let received = try ring.receive(on: server.fd)
        let dropped = server.droppedDatagrams
        #expect(received > 0 && dropped == UInt64(200 - received))
    }

    @Test("A set tells which of its sockets is ready, polled or watched", arguments: [3, 40])
    func socketSet(count: Int) throws {
        let sockets = UnsafeMutablePointer<UDPSocket>.allocate(capacity: count)
        defer {
            sockets.deinitialize(count: count)
            sockets.deallocate()
        }
        for index in 0..<count {
            (sockets + index).initialize(to: try UDPSocket(boundTo: Endpoint(address: .v4(0x7f00_0001), port: 0)))
        }
        var set = try SocketSet((0..<count).map { sockets[$0].fd })
        let none = try set.wait(timeoutNanoseconds: 1_000_000)
        #expect(none == 0)
        let chosen = [0, count / 2, count - 1]
        let client = try UDPSocket(family: .ipv4)
        for index in chosen { try client.send([7], to: try sockets[index].localEndpoint) }
        let ready = try set.wait(timeoutNanoseconds: 1_000_000_000)
        #expect(ready == 3)
        let found = (0..<ready).map { set[$0].index }.sorted()
        #expect(found == chosen)
    }
}
