@testable import Capture

/// Keeps what a source says of each frame.
struct FrameCounter: FrameSink {
    /// Times of the frames, nanoseconds since the Unix epoch.
    private(set) var times: [Int64] = []
    private(set) var lengths: [Int] = []
    private(set) var interfaces: [UInt32] = []
    /// Octets that the frames had on the wire.
    private(set) var originalLengths: [Int] = []
    private(set) var runs: [FrameRun] = []

    /// How many frames there were.
    var frames: Int { lengths.count }
    /// Octets of all frames.
    var octets: Int { lengths.reduce(0, +) }
    /// Time and length of each frame, as `tshark -T fields -e frame.time_epoch -e frame.cap_len` gives them.
    var likeTshark: [String] {
        zip(times, lengths).map { time, length in
            let fraction = String(1_000_000_000 + time % 1_000_000_000).dropFirst()
            return "\(time / 1_000_000_000).\(fraction)\t\(length)"
        }
    }

    mutating func willAccept(_ details: FrameDetails) {
        originalLengths.append(details.originalLength)
    }

    mutating func willRead(_ run: FrameRun) {
        runs.append(run)
    }

    mutating func accept(_ frame: RawSpan, link: LinkType?, at time: Int64, interfaceIndex: UInt32) {
        times.append(time)
        lengths.append(frame.byteCount)
        interfaces.append(interfaceIndex)
    }
}
