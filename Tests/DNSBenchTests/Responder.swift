import DNSWire
import LinuxNet
import Synchronization

/// What the test server does wrong, and how often: "every n" hits each n-th query.
struct Misbehaviour: Sendable {
    var silent = false
    var dropsEvery: Int?
    var wrongIDEvery: Int?
    var wrongQuestionEvery: Int?
    var duplicatesEvery: Int?
    var queriesEvery: Int?
    var delayNanoseconds: Int64 = 0
    /// Freezes this long after the first query.
    var stallAfterNanoseconds: Int64?
    var stallNanoseconds: Int64 = 0
    /// TCP: closes a connection after this many queries, and leaves those behind it unread.
    var closesAfter: Int?
    var rcode: UInt8 = 0
    var omitsQuestion = false
    /// UDP: sets the TC bit, so that the question is to be asked over TCP.
    var truncates = false
    /// Asks for server cookies, and answers BADCOOKIE to queries without a right one.
    var cookie: CookieRule?
}

/// A DNS server for tests on loopback, UDP and TCP: it sends queries back as answers.
final class Responder: Sendable {
    let udp: Endpoint
    let tcp: Endpoint
    private let stop = StopFlag()
    private let threads = Mutex<[RunningThread]>([])

    init(
        _ misbehaviour: Misbehaviour = Misbehaviour(),
        family: AddressFamily = .ipv4,
        namespace: NetworkNamespace? = nil
    ) throws {
        let stop = stop
        let family = family
        // One port for both, as a DNS server has it; somebody else may hold the TCP one.
        let (socketNumber, listenerNumber) =
            try namespace?.perform { try Responder.bind(family) } ?? Responder.bind(family)
        let socket = UDPSocket(adopting: socketNumber, family: family)
        udp = try socket.localEndpoint
        _ = socket.release()
        tcp = udp
        let started = [
            try Threads.start(name: "test-udp") { Responder.serveUDP(socketNumber, misbehaviour, stop) },
            try Threads.start(name: "test-tcp") { Responder.serveTCP(listenerNumber, misbehaviour, stop) },
        ]
        threads.withLock { $0 = started }
    }

    private static func bind(_ family: AddressFamily) throws -> (udp: Int32, tcp: Int32) {
        for attempt in 0..<50 {
            let socket = try UDPSocket(boundTo: Endpoint(address: family.loopbackAddress, port: 0))
            try socket.setReceiveBuffer(bytes: 8 << 20)
            do {
                let listener = try TCPListener(bindTo: try socket.localEndpoint)
                return (socket.release(), listener.release())
            } catch {
                if attempt == 49 { throw error }
            }
        }
        preconditionFailure("the loop returns or throws")
    }

    /// Ends both threads.
    func finish() {
        stop.raise()
        threads.withLock { threads in
            for thread in threads { thread.join() }
            threads = []
        }
    }

    deinit { finish() }

    private static func serveUDP(_ number: Int32, _ misbehaviour: Misbehaviour, _ stop: StopFlag) {
        let socket = OwnedDescriptor(adopting: number)
        guard let batch = try? DatagramBatch(slots: 64, slotBytes: 1_024, wantsSource: true) else { return }
        var state = ResponderState(misbehaviour)
        while !stop.isRaised {
            let deadline = Clock.deadline(after: 5_000_000)
            guard let ready = try? Readiness.wait(for: .readable, on: socket.rawValue, untilMonotonic: deadline),
                !ready.isEmpty, let count = try? batch.receive(on: socket.rawValue)
            else { continue }
            for index in 0..<count {
                let source = misbehaviour.cookie == nil ? [] : batch.received(index).source.address.bytes
                let lengths = state.answer(batch.slot(index), length: batch.receivedLength(index), from: source)
                if misbehaviour.truncates { batch.slot(index)[2] |= 0x02 }
                for length in lengths {
                    batch.setReply(length: length, ofSlot: index)
                    _ = try? batch.send(first: index, count: 1, on: socket.rawValue)
                }
            }
        }
    }

    private static func serveTCP(_ number: Int32, _ misbehaviour: Misbehaviour, _ stop: StopFlag) {
        let listener = TCPListener(adopting: number)
        var threads: [RunningThread] = []
        while !stop.isRaised {
            guard let accepted = try? listener.accept(timeoutNanoseconds: 5_000_000) else { continue }
            let descriptor = accepted.release()
            if let thread = try? Threads.start(
                name: "test-conn",
                body: { Responder.serve(descriptor, misbehaviour, stop) }
            ) {
                threads.append(thread)
            }
        }
        for thread in threads { thread.join() }
    }

    private static func serve(_ descriptor: Int32, _ misbehaviour: Misbehaviour, _ stop: StopFlag) {
        let stream = TCPStream(adopting: descriptor)
        var deframer = TCPDeframer()
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var state = ResponderState(misbehaviour)
        let source = (try? stream.peerEndpoint.address.bytes) ?? []
        var served = 0
        while !stop.isRaised {
            guard let received = try? stream.receive(into: &buffer, timeoutNanoseconds: 5_000_000) else { continue }
            guard received > 0 else { return }
            deframer.feed(buffer.span.extracting(0..<received))
            var output: [UInt8] = []
            while var message = deframer.next() {
                served += 1
                let length = message.count
                message += [UInt8](repeating: 0, count: CookieRule.room)
                let lengths = message.withUnsafeMutableBytes { state.answer($0, length: length, from: source) }
                for length in lengths { output += TCPFrame.wrap(Array(message[..<length])) ?? [] }
                if served == misbehaviour.closesAfter { break }
            }
            guard (try? stream.send(output)) != nil else { return }
            if served == misbehaviour.closesAfter { return }
        }
    }
}

/// Turns queries into answers in place, with the faults asked for.
private struct ResponderState {
    let misbehaviour: Misbehaviour
    var seen = 0
    var stallAt: Int64?

    init(_ misbehaviour: Misbehaviour) { self.misbehaviour = misbehaviour }

    private func hits(_ every: Int?) -> Bool { every.map { seen % $0 == 0 } ?? false }

    /// The lengths of the answers to send, one after the other.
    mutating func answer(_ message: UnsafeMutableRawBufferPointer, length: Int, from source: [UInt8]) -> [Int] {
        guard length >= 12 else { return [] }
        seen += 1
        let now = Clock.monotonicNanoseconds()
        if let after = misbehaviour.stallAfterNanoseconds {
            if stallAt == nil { stallAt = now + after }
            if let at = stallAt, now >= at {
                stallAt = .max
                Clock.sleep(untilMonotonic: now + misbehaviour.stallNanoseconds)
            }
        }
        if misbehaviour.delayNanoseconds > 0 { Clock.sleep(untilMonotonic: now + misbehaviour.delayNanoseconds) }
        if misbehaviour.silent || hits(misbehaviour.dropsEvery) { return [] }
        message[2] |= 0x80
        message[3] = message[3] & 0xf0 | misbehaviour.rcode
        if hits(misbehaviour.wrongIDEvery) { message[0] ^= 0x80 }
        if hits(misbehaviour.wrongQuestionEvery) { message[13] ^= 0x01 }
        if hits(misbehaviour.queriesEvery) { message[2] &= 0x7f }
        if misbehaviour.omitsQuestion {
            message[5] = 0
            return [12]
        }
        let length = misbehaviour.cookie?.apply(to: message, length: length, from: source, seen: seen) ?? length
        return hits(misbehaviour.duplicatesEvery) ? [length, length] : [length]
    }
}
