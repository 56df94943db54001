import DNSWire
import LinuxNet

/// Programs that open TCP connections in ways that hurt.
enum ConnectionFlood {
    private static let loopback = IPAddress.v4(0x7F00_0001)

    /// Keeps eight connections opening that nobody answers; each is given up after four seconds.
    static func hanging(to server: Endpoint, _ stop: StopFlag) throws {
        var waiting: [(descriptor: Int32, since: Int64)] = []
        defer { for entry in waiting { _ = TCPStream(adopting: entry.descriptor) } }
        let step = {
            if let first = waiting.first, Clock.monotonicNanoseconds() - first.since > 4_000_000_000 {
                _ = TCPStream(adopting: waiting.removeFirst().descriptor)
            }
            if waiting.count < 8 {
                waiting.append((try TCPStream.startConnecting(to: server).release(), Clock.monotonicNanoseconds()))
            }
            DisturbRole.pause(100)
        }
        try KernelCount.wait(
            for: "TCPSynRetrans",
            { KernelCount.counter("netstat", "TcpExt", "TCPSynRetrans") },
            stop,
            doing: step
        )
        LabRole.announceReady()
        while !stop.isRaised { try step() }
    }

    /// Opens connections to a listener of its own that accepts none, ten a second.
    static func ownListener(_ stop: StopFlag) throws {
        let listener = try TCPListener(bindTo: Endpoint(address: loopback, port: 0), backlog: 1)
        let target = try listener.localEndpoint
        var open: [Int32] = []
        defer { for descriptor in open { _ = TCPStream(adopting: descriptor) } }
        let step = {
            open.append(try TCPStream.startConnecting(to: target).release())
            if open.count > 40 { _ = TCPStream(adopting: open.removeFirst()) }
            DisturbRole.pause(100)
        }
        try KernelCount.wait(
            for: "ListenOverflows",
            { KernelCount.counter("netstat", "TcpExt", "ListenOverflows") },
            stop,
            doing: step
        )
        LabRole.announceReady()
        while !stop.isRaised { try step() }
        _ = listener.fd
    }

    /// Opens and closes connections until so many wait in TIME_WAIT, and keeps them so many.
    static func closed(to server: Endpoint, count: Int32, _ stop: StopFlag) throws {
        let deadline = Clock.deadline(after: 15_000_000_000)
        var isReady = false
        while !stop.isRaised {
            let waiting = KernelCount.timeWaits ?? 0
            if waiting >= Int64(count) {
                if !isReady { LabRole.announceReady() }
                isReady = true
                DisturbRole.pause(200)
                continue
            }
            do {
                let stream = try TCPStream.connect(to: server, timeoutNanoseconds: 1_000_000_000)
                try stream.shutdownWrite()
                // The server closes as well; only then is the connection in TIME_WAIT and not in FIN_WAIT.
                var buffer = [UInt8](repeating: 0, count: 16)
                _ = try stream.receive(into: &buffer, timeoutNanoseconds: 200_000_000)
            } catch {
                guard !isReady, Clock.monotonicNanoseconds() > deadline else {
                    DisturbRole.pause(5)
                    continue
                }
                throw DisturbRole.Refusal(
                    description: "\(waiting) connections in TIME_WAIT after 15 s, not \(count): \(error)"
                )
            }
        }
    }
}
