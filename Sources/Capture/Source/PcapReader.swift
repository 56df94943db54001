/// Reads the classic pcap format (draft-ietf-opsawg-pcap).
struct PcapReader {
    /// No frame of ours is longer; a record that claims more is damage.
    private static let maximumFrame = 16 << 20
    private static let progressInterval = 65_536
    private let isSwapped: Bool
    private let nanosecondsPerTick: Int64
    private let link: LinkType

    /// Reads the file header, which the window must begin with.
    init(window: inout FileWindow, path: String) throws(CaptureError) {
        guard window.fill(24) else { throw .notACapture(path: path) }
        let magic = window.uint32(0)
        isSwapped = magic == 0xD4C3_B2A1 || magic == 0x4D3C_B2A1
        nanosecondsPerTick = magic == 0xA1B2_3C4D || magic == 0x4D3C_B2A1 ? 1 : 1_000
        let field = window.uint32(20)
        // The upper bits tell the length of the frame check sequence; the lower ones the link type.
        let value = (isSwapped ? field.byteSwapped : field) & 0x03FF_FFFF
        guard let link = LinkType(rawValue: value) else { throw .unsupportedLinkType(value) }
        self.link = link
        window.consume(24)
    }

    /// Reads all records; returns where the file is damaged, if it is.
    func readAll<Sink: FrameSink & ~Copyable>(
        from window: inout FileWindow,
        into sink: inout Sink,
        progress: ((UInt64) -> Void)?
    ) -> CaptureDamage? {
        var untilProgress = Self.progressInterval
        while window.fill(16) {
            let seconds = Int64(integer(window, 0))
            let fraction = Int64(integer(window, 4))
            let captured = Int(integer(window, 8))
            guard captured <= Self.maximumFrame else {
                return CaptureDamage(offset: window.offset, reason: "a record claims \(captured) octets")
            }
            guard window.fill(16 + captured) else {
                let missing = 16 + captured - window.count
                return window.shortage("the last record lacks \(missing) of \(captured) octets")
            }
            let time = seconds &* 1_000_000_000 &+ fraction &* nanosecondsPerTick
            let start = window.start + 16
            let end = start + captured
            sink.accept(
                window.storage.span.bytes.extracting(start..<end),
                link: link,
                at: time,
                interfaceIndex: 0
            )
            window.consume(16 + captured)
            untilProgress -= 1
            if untilProgress == 0 {
                progress?(window.offset)
                untilProgress = Self.progressInterval
            }
        }
        guard window.count == 0, window.failure == nil else { return window.shortage("a record header is cut off") }
        return nil
    }

    private func integer(_ window: borrowing FileWindow, _ position: Int) -> UInt32 {
        let value = window.uint32(position)
        return isSwapped ? value.byteSwapped : value
    }
}
