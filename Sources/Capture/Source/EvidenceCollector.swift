/// Picks the cited frames out of sources.
struct EvidenceCollector: ~Copyable, FrameSink {
    /// A frame that was picked; its octets are in the spool.
    struct Frame {
        let source: Int
        /// Number in its source, from 1.
        let number: UInt64
        /// Nanoseconds since the Unix epoch.
        let time: Int64
        let link: LinkType
        let details: FrameDetails
        /// The interface index that the link header carries; 0 when it carries none.
        let linkIndex: UInt32
        let length: Int
        let offset: UInt64
    }

    /// The octets of the frames.
    var spool: FrameSpool
    private(set) var frames: [Frame] = []
    /// A cited frame of the source that is not what it was, if there is one.
    private(set) var changedFrame: UInt64?
    private var source = 0
    private var citations = EvidenceCitations([])
    private var number: UInt64 = 0
    private var details = FrameDetails()

    init(spool: consuming FrameSpool) {
        self.spool = spool
    }

    /// The frames that come now are those of a source.
    mutating func begin(source: Int, citations: EvidenceCitations) {
        self.source = source
        self.citations = citations
        number = 0
    }

    mutating func willAccept(_ details: FrameDetails) {
        self.details = details
    }

    mutating func accept(_ frame: RawSpan, link: LinkType?, at time: Int64, interfaceIndex: UInt32) {
        number += 1
        guard citations.contains(number), let link else { return }
        guard citations.allows(number, at: time) else {
            changedFrame = changedFrame ?? number
            return
        }
        // The header of Linux cooked v2: protocol, reserved, interface index.
        let linkIndex = link == .linuxCooked2 && frame.byteCount >= 8 ? frame.uint32(4) : 0
        frames.append(
            Frame(
                source: source,
                number: number,
                time: time,
                link: link,
                details: details,
                linkIndex: linkIndex,
                length: frame.byteCount,
                offset: spool.append(frame)
            )
        )
    }
}
