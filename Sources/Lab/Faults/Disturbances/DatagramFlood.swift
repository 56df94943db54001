import DNSWire
import Glibc
import LinuxNet

/// Programs that send more datagrams than somebody reads.
enum DatagramFlood {
    private static let loopback = IPAddress.v4(0x7F00_0001)

    /// Overfills a socket of its own, whose small buffer nobody empties, ten times a second.
    static func ownSocket(_ stop: StopFlag) throws {
        let sink = try UDPSocket(boundTo: Endpoint(address: loopback, port: 0))
        try sink.setReceiveBuffer(bytes: 4_096)
        let source = try UDPSocket(connectedTo: try sink.localEndpoint)
        let datagram = [UInt8](repeating: 0, count: 512)
        let burst = {
            for _ in 0..<16 { _ = try? source.trySend(datagram.span.bytes) }
            DisturbRole.pause(100)
        }
        try KernelCount.wait(
            for: "RcvbufErrors",
            { KernelCount.counter("snmp", "Udp", "RcvbufErrors") },
            stop,
            doing: burst
        )
        LabRole.announceReady()
        while !stop.isRaised { burst() }
        _ = sink.fd
    }

    /// Stops a process for a moment and fills its socket meanwhile.
    ///
    /// The pause between bursts is no divisor of a second, so that a query that is lost and sent again after a second
    /// is not lost again. The datagrams are responses by their header, so that nobody answers them.
    static func cache(_ server: Endpoint, process: Int32, _ stop: StopFlag) throws {
        let source = try UDPSocket(connectedTo: server)
        var datagram = [UInt8](repeating: 0, count: 60_000)
        datagram[2] = 0x80
        let octets = datagram
        let errors = { KernelCount.counter("snmp", "Udp", "RcvbufErrors") }
        defer { kill(process, SIGCONT) }
        let burst = {
            guard kill(process, SIGSTOP) == 0 else {
                throw DisturbRole.Refusal(description: "process \(process) is gone")
            }
            defer { kill(process, SIGCONT) }
            let before = errors() ?? 0
            var sent = 0
            while sent < 20_000, !stop.isRaised {
                for _ in 0..<64 { _ = try? source.trySend(octets.span.bytes) }
                sent += 64
                if let now = errors(), now > before { break }
            }
        }
        try KernelCount.wait(for: "RcvbufErrors", errors, stop, doing: burst)
        LabRole.announceReady()
        while !stop.isRaised {
            DisturbRole.pause(430)
            try burst()
        }
    }

    /// Asks a server for one name after the other, two thousand a second.
    static func questions(to server: Endpoint, _ stop: StopFlag) throws {
        let socket = try UDPSocket(connectedTo: server)
        LabRole.announceReady()
        var number: UInt32 = 0
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while !stop.isRaised {
            for _ in 0..<20 {
                number &+= 1
                let name = LabNames.name(["load-\(number % 50)", "script", "cluster", "local"], under: .root)
                let id = UInt16(truncatingIfNeeded: number)
                guard let query = try? Message.query(id: id, name: name, type: .a).encode() else { continue }
                _ = try? socket.trySend(query.span.bytes)
            }
            while (try? socket.receive(into: &buffer, timeoutNanoseconds: 0)) ?? nil != nil {}
            DisturbRole.pause(10)
        }
    }
}
