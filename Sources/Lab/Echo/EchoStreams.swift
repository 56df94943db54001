import DNSWire
import LinuxNet

/// The TCP side of an echo, on a thread of its own: it answers whole frames of a connection in one write.
struct EchoStreams: ~Copyable {
    private static let bufferBytes = 1 << 17
    private static let mostConnections = 4_096
    private static let listenerToken = UInt64(1) << 32

    private struct Connection: ~Copyable {
        let stream: TCPStream
        let buffer: UnsafeMutableRawPointer
        var held = 0
        /// Octets of whole frames that are answered and not yet written.
        var answered = 0

        init(_ stream: consuming TCPStream) {
            self.stream = stream
            buffer = .allocate(byteCount: EchoStreams.bufferBytes, alignment: 8)
        }

        deinit { buffer.deallocate() }
    }

    private let listener: TCPListener
    private let options: EchoOptions
    private let connections: UnsafeMutablePointer<Connection?>
    private var freezes: EchoFreezes
    private var counts = EchoCounts()

    init(_ descriptor: Int32, _ options: EchoOptions) {
        listener = TCPListener(adopting: descriptor)
        self.options = options
        freezes = EchoFreezes(options)
        connections = .allocate(capacity: EchoStreams.mostConnections)
        for index in 0..<EchoStreams.mostConnections { (connections + index).initialize(to: nil) }
    }

    deinit {
        connections.deinitialize(count: EchoStreams.mostConnections)
        connections.deallocate()
    }

    /// Serves until somebody wants it to stop.
    consuming func run(stop: StopFlag) -> EchoCounts {
        guard var poll = try? EventPoll() else { return counts }
        try? poll.add(listener.fd, for: .readable, token: Self.listenerToken)
        while !stop.isRaised {
            freezes.pass()
            let ready = (try? poll.wait(timeoutNanoseconds: options.spins ? 0 : 20_000_000)) ?? 0
            for position in 0..<ready {
                let token = poll[position].token
                if token == Self.listenerToken {
                    accept(poll)
                } else if token < UInt64(Self.mostConnections) {
                    serve(Int(token), poll)
                }
            }
        }
        counts.freezes = freezes.count
        return counts
    }

    private func accept(_ poll: borrowing EventPoll) {
        guard let stream = try? listener.accept(timeoutNanoseconds: 0) else { return }
        let descriptor = stream.fd
        guard Int(descriptor) < Self.mostConnections, (try? stream.setNoDelay()) != nil,
            (try? poll.add(descriptor, for: .readable, token: UInt64(descriptor))) != nil
        else { return }
        connections[Int(descriptor)] = Connection(stream)
    }

    private mutating func serve(_ index: Int, _ poll: borrowing EventPoll) {
        guard connections[index] != nil else { return }
        if !flush(index) { return end(index) }
        let held = connections[index]?.held ?? 0
        guard let buffer = connections[index]?.buffer, held < Self.bufferBytes else { return watch(index, poll) }
        let space = UnsafeMutableRawBufferPointer(start: buffer + held, count: Self.bufferBytes - held)
        var got: Int?
        do throws(NetError) { got = try connections[index]?.stream.tryReceive(into: space) } catch { got = 0 }
        guard let got else { return watch(index, poll) }
        guard got > 0 else { return end(index) }
        connections[index]?.held += got
        answer(index)
        if flush(index) { watch(index, poll) } else { end(index) }
    }

    /// Makes answers of the whole frames that are held.
    private mutating func answer(_ index: Int) {
        guard let buffer = connections[index]?.buffer, let held = connections[index]?.held else { return }
        let bytes = UnsafeMutableRawBufferPointer(start: buffer, count: held)
        var position = connections[index]?.answered ?? 0
        while held - position >= 2 {
            let length = Int(bytes[position]) << 8 | Int(bytes[position + 1])
            guard held - position - 2 >= length else { break }
            if length >= 12 {
                bytes[position + 4] = bytes[position + 4] & 0xf9 | 0x80
                bytes[position + 5] = 0x80 | UInt8(truncatingIfNeeded: options.rcode.rawValue & 15)
                counts.queries &+= 1
                counts.answers &+= 1
            }
            position += 2 + length
        }
        connections[index]?.answered = position
    }

    /// Writes what is answered; `false` when the connection is gone.
    private func flush(_ index: Int) -> Bool {
        guard let buffer = connections[index]?.buffer, let answered = connections[index]?.answered, answered > 0 else {
            return true
        }
        do throws(NetError) {
            let taken =
                try connections[index]?.stream.trySend(UnsafeRawBufferPointer(start: buffer, count: answered)) ?? 0
            let held = connections[index]?.held ?? 0
            if taken > 0 { buffer.copyMemory(from: buffer + taken, byteCount: held - taken) }
            connections[index]?.held = held - taken
            connections[index]?.answered = answered - taken
            return true
        } catch {
            return false
        }
    }

    /// Waits for room as well while something is still to be written.
    private func watch(_ index: Int, _ poll: borrowing EventPoll) {
        guard let descriptor = connections[index]?.stream.fd else { return }
        let isBehind = (connections[index]?.answered ?? 0) > 0
        try? poll.modify(descriptor, for: isBehind ? [.readable, .writable] : .readable, token: UInt64(index))
    }

    private func end(_ index: Int) { connections[index] = nil }
}
