/// Takes the frames of a source, one by one.
protocol FrameSink: ~Copyable {
    /// Takes one frame; see `CaptureEngine.accept` for the parameters.
    mutating func accept(_ frame: RawSpan, link: LinkType?, at time: Int64, interfaceIndex: UInt32)
}

/// A capture file of any kind that we read, opened and recognised.
enum CaptureFileReader {
    case pcap(PcapReader)
    case pcapng(PcapNGReader)

    /// Recognises the file in the window by its first octets.
    init(window: inout FileWindow, path: String) throws(CaptureError) {
        guard window.fill(4) else { throw .notACapture(path: path) }
        switch window.uint32(0) {
        case 0xA1B2_C3D4, 0xD4C3_B2A1, 0xA1B2_3C4D, 0x4D3C_B2A1:
            self = .pcap(try PcapReader(window: &window, path: path))
        case 0x0A0D_0D0A:
            self = .pcapng(PcapNGReader())
        case let magic where magic >> 16 == 0x1F8B:
            throw .unsupportedFormat(path: path, format: "compressed with gzip")
        case 0x28B5_2FFD:
            throw .unsupportedFormat(path: path, format: "compressed with zstd")
        default:
            throw .notACapture(path: path)
        }
    }

    /// Reads all frames; returns where the file is damaged, if it is.
    mutating func readAll<Sink: FrameSink & ~Copyable>(
        from window: inout FileWindow,
        into sink: inout Sink,
        progress: ((UInt64) -> Void)?
    ) -> CaptureDamage? {
        switch self {
        case .pcap(let reader):
            return reader.readAll(from: &window, into: &sink, progress: progress)
        case .pcapng(var reader):
            let damage = reader.readAll(from: &window, into: &sink, progress: progress)
            self = .pcapng(reader)
            return damage
        }
    }

    /// Packets that the capturing system dropped, as far as the file tells; complete after reading.
    var drops: UInt64 {
        if case .pcapng(let reader) = self { return reader.drops }
        return 0
    }

    /// Interface names by index from 1; complete after reading.
    var interfaceNames: [UInt32: String] {
        if case .pcapng(let reader) = self { return reader.interfaceNames }
        return [:]
    }
}
