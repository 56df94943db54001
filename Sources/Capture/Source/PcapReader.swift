/// Reads the classic pcap format (draft-ietf-opsawg-pcap).
struct PcapReader {
    /// Longer frames exist only where the snapshot length says so; this is what libpcap allows as well.
    private static let usualMaximum = 262_144
    /// No frame of ours is longer, whatever the snapshot length says.
    private static let maximumFrame = 16 << 20
    private let header: PcapHeader
    /// What is odd about the file so far.
    private(set) var remarks = FileRemarks()

    /// Reads the file header, which the window must begin with.
    init(window: inout FileWindow, path: String) throws(CaptureError) {
        header = try PcapHeader(window: &window, path: path)
    }

    /// Reads the records of a turn.
    mutating func read<Sink: FrameSink & ~Copyable>(
        _ turn: inout ReadingTurn,
        from window: inout FileWindow,
        into sink: inout Sink
    ) -> ReadingOutcome {
        let snapshot = header.snapshotLength == 0 ? Int.max : Int(header.snapshotLength)
        let maximum = min(max(Int(header.snapshotLength), Self.usualMaximum), Self.maximumFrame)
        while window.fill(16) {
            let seconds = Int64(integer(window, 0))
            let fraction = Int64(integer(window, 4))
            let time = seconds &* 1_000_000_000 &+ fraction &* header.nanosecondsPerTick
            var captured = Int(integer(window, 8))
            var original = Int(integer(window, 12))
            if captured > original, header.mayExchangeLengths { swap(&captured, &original) }
            guard captured <= maximum else {
                return .damage(CaptureDamage(offset: window.offset, reason: "a record claims \(captured) octets"))
            }
            guard window.fill(16 + captured) else {
                let missing = 16 + captured - window.count
                return .damage(window.shortage("the last record lacks \(missing) of \(captured) octets"))
            }
            guard turn.takes(time) else { return .frame(time) }
            // The octets are in the file, so they are used; only the lengths contradict each other.
            if captured > original { remarks.overlongFrames += 1 }
            if captured > snapshot { remarks.framesAboveSnapshot += 1 }
            sink.willAccept(FrameDetails(originalLength: original))
            let start = window.start + 16
            sink.accept(
                window.storage.span.bytes.extracting(start..<(start + captured)),
                link: header.link,
                at: time,
                interfaceIndex: 0
            )
            window.consume(16 + captured)
        }
        guard window.count == 0, window.failure == nil else {
            return .damage(window.shortage("a record header is cut off"))
        }
        return .end
    }

    private func integer(_ window: borrowing FileWindow, _ position: Int) -> UInt32 {
        let value = window.uint32(position)
        return header.isSwapped ? value.byteSwapped : value
    }
}
