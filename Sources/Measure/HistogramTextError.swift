/// Why a text is no HdrHistogram V2 that can be read.
package enum HistogramTextError: Error, Equatable, CustomStringConvertible {
    /// The text is not base64; the offset is the first octet that does not belong.
    case base64(offset: Int)
    /// The text ends early, or a length in it does not agree with what is there.
    case truncated
    /// A format other than V2 compressed.
    case cookie(UInt32)
    /// The zlib stream is damaged.
    case zlib
    /// More than any histogram of this kind can need.
    case tooLong
    /// Settings that no histogram can have.
    case layout
    /// Readable, but of another precision or range than a latency histogram, so its counts cannot be added to one.
    case otherPrecision(significantDigits: Int, lowest: UInt64)
    /// More counts than the layout has.
    case tooManyCounts
    /// The counts add up to more than 2^53.
    case countOverflow
    /// zlib had no memory.
    case noMemory

    /// One clause that follows "histogram text: ".
    package var description: String {
        switch self {
        case .base64(let offset): "not base64 at offset \(offset)"
        case .truncated: "truncated, or its lengths disagree"
        case .cookie(let cookie): "cookie 0x\(String(cookie, radix: 16)) is not that of HdrHistogram V2 compressed"
        case .zlib: "its zlib stream is damaged"
        case .tooLong: "longer than any latency histogram"
        case .layout: "impossible histogram settings"
        case .otherPrecision(let digits, let lowest):
            "\(digits) significant digits from \(lowest), where a latency histogram has 3 from 1"
        case .tooManyCounts: "more counts than its range has"
        case .countOverflow: "its counts add up to more than 2^53"
        case .noMemory: "no memory for zlib"
        }
    }
}
