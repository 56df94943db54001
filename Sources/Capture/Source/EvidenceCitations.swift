/// Which frames of one source are cited, and in which words.
struct EvidenceCitations {
    /// More comments than anybody reads; what is left out is counted.
    private static let limit = 200
    private var comments: [UInt64: [String]] = [:]
    private var omitted: [UInt64: Int] = [:]
    private var times: [UInt64: Int64] = [:]

    /// Sorts the evidence of findings by frame; the same words on one frame stand there once.
    init(_ findings: [EvidenceFinding]) {
        for finding in findings {
            for item in finding.evidence {
                let comment = finding.title.isEmpty ? item.text : "\(finding.title): \(item.text)"
                let frame = item.frame.number
                if item.realtimeNanoseconds != 0 { times[frame] = item.realtimeNanoseconds }
                let known = comments[frame, default: []]
                if known.contains(comment) { continue }
                if known.count < Self.limit {
                    comments[frame, default: []].append(comment)
                } else {
                    omitted[frame, default: 0] += 1
                }
            }
        }
    }

    /// How many frames are cited.
    var count: Int { comments.count }

    /// Whether a frame is cited.
    func contains(_ frame: UInt64) -> Bool {
        comments[frame] != nil
    }

    /// Whether a cited frame may have this time, nanoseconds since the Unix epoch; one without a time may have any.
    func allows(_ frame: UInt64, at time: Int64) -> Bool {
        times[frame] == nil || times[frame] == time
    }

    /// Everything that is said of a frame.
    func comments(on frame: UInt64) -> [String] {
        let more = omitted[frame].map { ["and \($0) more on this frame"] } ?? []
        return comments[frame, default: []] + more
    }
}
