/// A capture file of any kind that we read, opened and recognised.
enum CaptureFileReader: ~Copyable {
    case pcap(PcapReader)
    case pcapng(PcapNGReader)

    /// Recognises the file in the window by its first octets.
    init(window: inout FileWindow, path: String) throws(CaptureError) {
        guard window.fill(4) else {
            guard let reason = window.failure else { throw .notACapture(path: path) }
            if window.isCompressed { throw .unsupportedFormat(path: path, format: "no usable file: \(reason)") }
            throw .cannotOpen(path: path, reason: reason)
        }
        switch window.uint32(0) {
        case let magic where PcapHeader.isMagic(magic):
            self = .pcap(try PcapReader(window: &window, path: path))
        case 0x0A0D_0D0A:
            self = .pcapng(try PcapNGReader(window: &window, path: path))
        case let magic:
            if let compression = Self.compression(magic) {
                throw .unsupportedFormat(path: path, format: "compressed with \(compression); decompress it first")
            }
            throw .notACapture(path: path)
        }
    }

    // Compressions by the first four octets of their files; gzip is read.
    private static func compression(_ magic: UInt32) -> String? {
        switch magic {
        case 0x28B5_2FFD: "zstd"
        case 0x0422_4D18: "lz4"
        case 0xFD37_7A58: "xz"
        case 0x425A_6830...0x425A_6839: "bzip2"
        default: nil
        }
    }

    /// Reads the frames of a turn.
    mutating func read<Sink: FrameSink & ~Copyable>(
        _ turn: inout ReadingTurn,
        from window: inout FileWindow,
        into sink: inout Sink
    ) -> ReadingOutcome {
        let outcome: ReadingOutcome
        // Moved out and back, not copied.
        switch consume self {
        case .pcap(var reader):
            outcome = reader.read(&turn, from: &window, into: &sink)
            self = .pcap(reader)
        case .pcapng(var reader):
            outcome = reader.read(&turn, from: &window, into: &sink)
            self = .pcapng(reader)
        }
        guard case .damage(var damage) = outcome, window.isCompressed else { return outcome }
        damage.reason += "; the offset is that of the uncompressed data"
        return .damage(damage)
    }

    /// Reads all frames; returns where the file is damaged, if it is.
    mutating func readAll<Sink: FrameSink & ~Copyable>(
        from window: inout FileWindow,
        into sink: inout Sink
    ) -> CaptureDamage? {
        while true {
            var turn = ReadingTurn()
            switch read(&turn, from: &window, into: &sink) {
            case .frame: continue
            case .end: return nil
            case .damage(let damage): return damage
            }
        }
    }

    /// Packets that the capturing system dropped, as far as the file tells; complete after reading.
    var drops: UInt64 {
        switch self {
        case .pcap: 0
        case .pcapng(let reader): reader.drops
        }
    }

    /// What is odd about the file; complete after reading.
    var remarks: FileRemarks {
        switch self {
        case .pcap(let reader): reader.remarks
        case .pcapng(let reader): reader.remarks
        }
    }

    /// Interface names by number from 1; complete after reading.
    var interfaceNames: [UInt32: String] {
        switch self {
        case .pcap: [:]
        case .pcapng(let reader): reader.interfaceNames
        }
    }
}
