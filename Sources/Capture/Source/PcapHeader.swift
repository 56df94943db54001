/// The header of a classic pcap file (draft-ietf-opsawg-pcap).
struct PcapHeader {
    /// Octets of the header.
    static let size = 24
    /// The integers of the file are in the order that is not the network's.
    let isSwapped: Bool
    let nanosecondsPerTick: Int64
    let link: LinkType
    /// Octets kept of each frame; 0 for all.
    let snapshotLength: UInt32
    /// Captured and original length may stand in the wrong order, as they did before version 2.4.
    let mayExchangeLengths: Bool

    /// Whether a file that begins with these four octets, in network order, is pcap of any kind.
    static func isMagic(_ magic: UInt32) -> Bool {
        kind(magic) != nil
    }

    /// Reads the header, which the window must begin with, and consumes it.
    init(window: inout FileWindow, path: String) throws(CaptureError) {
        guard window.fill(4), let kind = Self.kind(window.uint32(0)) else { throw .notACapture(path: path) }
        guard let ticks = kind.nanosecondsPerTick else {
            let format = "pcap in the modified format of magic a1b2cd34, whose records differ"
            throw .unsupportedFormat(path: path, format: "\(format); convert it first (editcap -F pcap)")
        }
        guard window.fill(Self.size) else {
            throw .unsupportedFormat(path: path, format: "cut off within its header of \(Self.size) octets")
        }
        func field(_ position: Int) -> UInt32 {
            let value = window.uint32(position)
            return kind.isSwapped ? value.byteSwapped : value
        }
        let version = field(4)
        let major = kind.isSwapped ? version & 0xFFFF : version >> 16
        let minor = kind.isSwapped ? version >> 16 : version & 0xFFFF
        guard major == 2 else {
            throw .unsupportedFormat(path: path, format: "pcap of version \(major).\(minor), which is not supported")
        }
        // Above the link type are reserved bits, which must be 0, and the length of the frame check sequence, which
        // needs no care: the length of IP cuts it off.
        let value = field(20) & 0x03FF_FFFF
        guard let link = LinkType(rawValue: value) else { throw .unsupportedLinkType(value) }
        isSwapped = kind.isSwapped
        nanosecondsPerTick = ticks
        self.link = link
        snapshotLength = field(16)
        mayExchangeLengths = minor < 4
        window.consume(Self.size)
    }

    // By the magic number in network order; nil ticks are those of the modified format.
    private static func kind(_ magic: UInt32) -> (isSwapped: Bool, nanosecondsPerTick: Int64?)? {
        switch magic {
        case 0xA1B2_C3D4: (false, 1_000)
        case 0xD4C3_B2A1: (true, 1_000)
        case 0xA1B2_3C4D: (false, 1)
        case 0x4D3C_B2A1: (true, 1)
        case 0xA1B2_CD34: (false, nil)
        case 0x34CD_B2A1: (true, nil)
        default: nil
        }
    }
}
