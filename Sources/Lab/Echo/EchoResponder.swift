package import DNSWire
package import LinuxNet
import Synchronization

/// A DNS responder that costs as little as a responder can: it sets QR and RA in what it gets and sends it back.
///
/// It shows what a load generator can do, not what a server can; with its faults it shows what the generator says of
/// them. It allocates nothing for a query.
package final class EchoResponder: Sendable {
    /// Where it listens.
    package let endpoint: Endpoint
    private let stop = StopFlag()
    private let threads = Mutex<[RunningThread]>([])
    private let counted: Mutex<EchoCounts>

    /// Starts its threads, in `namespace` if one is given.
    ///
    /// Throws `NetError` when the endpoint cannot be had.
    package init(_ options: EchoOptions, namespace: NetworkNamespace? = nil) throws {
        let made = try namespace?.perform { try EchoResponder.bind(options) } ?? EchoResponder.bind(options)
        endpoint = made.endpoint
        counted = Mutex(EchoCounts())
        let stop = stop
        var started: [RunningThread] = []
        if let descriptor = made.udp {
            started.append(
                try Threads.start(name: "echo-udp", cpu: options.cpu) { [self] in
                    let counts = EchoDatagrams(descriptor, options).run(stop: stop)
                    counted.withLock { $0.add(counts) }
                }
            )
        }
        if let descriptor = made.tcp {
            started.append(
                try Threads.start(name: "echo-tcp", cpu: options.cpu) { [self] in
                    let counts = EchoStreams(descriptor, options).run(stop: stop)
                    counted.withLock { $0.add(counts) }
                }
            )
        }
        let list = started
        threads.withLock { $0 = list }
    }

    /// Ends the threads and returns what they did; a second call returns the same.
    @discardableResult
    package func finish() -> EchoCounts {
        stop.raise()
        threads.withLock { threads in
            for thread in threads { thread.join() }
            threads = []
        }
        return counted.withLock { $0 }
    }

    private static func bind(_ options: EchoOptions) throws -> (endpoint: Endpoint, udp: Int32?, tcp: Int32?) {
        // A free UDP port may be taken on TCP; a port that was asked for gets one attempt.
        var attempt = 0
        while true {
            attempt += 1
            var udp: Int32?
            var endpoint = options.endpoint
            if options.servesUDP {
                let socket = try UDPSocket(boundTo: options.endpoint)
                try socket.setReceiveBuffer(bytes: options.receiveBufferBytes)
                endpoint = try socket.localEndpoint
                udp = socket.release()
            }
            guard options.servesTCP else { return (endpoint, udp, nil) }
            do throws(NetError) {
                let listener = try TCPListener(bindTo: endpoint)
                let bound = try listener.localEndpoint
                return (bound, udp, listener.release())
            } catch {
                if let udp { _ = UDPSocket(adopting: udp, family: endpoint.address.family) }
                if options.endpoint.port != 0 || attempt == 20 { throw error }
            }
        }
    }
}

/// When an echo stands still.
struct EchoFreezes {
    private let length: Int64
    private let every: Int64
    private var next: Int64
    /// How often it has stood still.
    private(set) var count: UInt64 = 0

    init(_ options: EchoOptions) {
        length = options.freezeNanoseconds
        every = max(options.freezeEveryNanoseconds, options.freezeNanoseconds + 1_000_000)
        // The first one begins at once, so that any time from then on sees them at an even pace.
        next = length > 0 ? Clock.monotonicNanoseconds() : .max
    }

    /// When to look again, CLOCK_MONOTONIC.
    var nextInstant: Int64 { next }

    /// Stands still if it is time.
    mutating func pass() {
        guard next != .max, Clock.monotonicNanoseconds() >= next else { return }
        Clock.sleep(untilMonotonic: next + length)
        count += 1
        next += every
    }
}
