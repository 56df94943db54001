/// An interface of a pcapng section, as its description and its statistics tell.
struct PcapNGInterface {
    // No counter of a real capture is higher; a damaged one must not overflow sums.
    private static let highestCount: UInt64 = 1 << 48
    /// Nil for a link type that is not supported.
    var link: LinkType?
    /// Octets kept of each frame; 0 for all.
    var snapshotLength: UInt32
    /// Number of the interface in the whole file, from 1.
    var number: UInt32
    var clock = PcapNGClock()
    private var interfaceDrops: UInt64 = 0
    private var systemDrops: UInt64 = 0
    private var dropsBetweenPackets: UInt64 = 0

    init(link: LinkType?, snapshotLength: UInt32, number: UInt32) {
        self.link = link
        self.snapshotLength = snapshotLength
        self.number = number
    }

    /// Packets that were dropped: the statistics' or the packets' own count, whichever tells more.
    var drops: UInt64 { max(interfaceDrops + systemDrops, dropsBetweenPackets) }

    /// Takes isb_ifdrop; it counts from the start of the capture, so the highest one is the sum.
    mutating func setInterfaceDrops(_ count: UInt64) {
        interfaceDrops = max(interfaceDrops, min(count, Self.highestCount))
    }

    /// Takes isb_osdrop, which counts like isb_ifdrop.
    mutating func setSystemDrops(_ count: UInt64) {
        systemDrops = max(systemDrops, min(count, Self.highestCount))
    }

    /// Takes epb_dropcount: packets dropped since the packet before.
    mutating func addDrops(_ count: UInt64) {
        dropsBetweenPackets = min(dropsBetweenPackets + min(count, Self.highestCount), Self.highestCount)
    }
}
