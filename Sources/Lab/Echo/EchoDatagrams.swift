import DNSWire
import LinuxNet

/// The UDP side of an echo, on a thread of its own.
struct EchoDatagrams: ~Copyable {
    private static let slots = 64
    private static let slotBytes = 1_024

    private let socket: UDPSocket
    private let options: EchoOptions
    private var random: LabRandom
    private var freezes: EchoFreezes
    private var counts = EchoCounts()

    init(_ descriptor: Int32, _ options: EchoOptions) {
        socket = UDPSocket(adopting: descriptor, family: options.endpoint.address.family)
        self.options = options
        random = LabRandom(seed: options.seed)
        freezes = EchoFreezes(options)
    }

    /// Serves until somebody wants it to stop.
    consuming func run(stop: StopFlag) -> EchoCounts {
        guard let batch = try? DatagramBatch(slots: Self.slots, slotBytes: Self.slotBytes, wantsSource: true) else {
            return counts
        }
        var received = 0
        while !stop.isRaised {
            freezes.pass()
            if received == 0, !options.spins {
                let deadline = min(Clock.deadline(after: 20_000_000), freezes.nextInstant)
                _ = try? Readiness.wait(for: .readable, on: socket.fd, untilMonotonic: deadline)
            }
            received = max(0, batch.receiveResult(max: Self.slots, on: socket.fd))
            answer(received, batch)
        }
        counts.freezes = freezes.count
        counts.dropped = socket.droppedDatagrams ?? 0
        return counts
    }

    private mutating func answer(_ received: Int, _ batch: borrowing DatagramBatch) {
        counts.queries &+= UInt64(received)
        var first = 0
        for index in 0..<received {
            let length = batch.receivedLength(index)
            let isLost = options.lossShare > 0 && Double(random.next() >> 11) * 0x1p-53 < options.lossShare
            if length >= 12 && !isLost {
                let message = batch.slot(index)
                message[2] = message[2] & 0xf9 | 0x80 | (options.truncates ? 0x02 : 0)
                message[3] = 0x80 | UInt8(truncatingIfNeeded: options.rcode.rawValue & 15)
                batch.setReply(length: min(length, Self.slotBytes), ofSlot: index)
                continue
            }
            if isLost { counts.lost &+= 1 }
            send(first, index, batch)
            first = index + 1
        }
        send(first, received, batch)
    }

    private mutating func send(_ first: Int, _ end: Int, _ batch: borrowing DatagramBatch) {
        var position = first
        var refused = 0
        while position < end {
            let sent = batch.sendResult(first: position, count: end - position, on: socket.fd)
            if sent > 0 {
                counts.answers &+= UInt64(sent)
                position += sent
                refused = 0
            } else {
                refused += 1
                // The peer is gone, or there is no buffer space: the answer is lost.
                if refused > 3 {
                    position += 1
                    refused = 0
                }
            }
        }
    }
}
