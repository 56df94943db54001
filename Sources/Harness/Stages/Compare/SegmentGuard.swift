import DNSBench
import LinuxNet
import Measure
import Results

/// Tells segments that measured the machine from those that measured the server.
struct SegmentGuard: Sendable {
    /// Share of a latency that our own lateness may be, by percentile: a tail may be a quarter ours, the median a tenth.
    static let lagShares = [50.0: 0.1, 99.0: 0.25]
    /// Lateness that no comparison minds, in nanoseconds.
    static let harmlessLag: Int64 = 100_000
    /// Share of its time that the sending thread may be busy.
    static let busyShare = 0.8
    /// Share of the processors' time that a host may take away.
    static let stolenShare = 0.02

    /// What is wrong with a segment; empty when it counts.
    ///
    /// - Parameters:
    ///   - result: The segment.
    ///   - shares: Who had the processors meanwhile.
    ///   - neighbours: The share that programs beside the lab may have.
    static func faults(of result: LoadResult, _ shares: ProcessorShares, neighbours: Double) -> [SegmentFault] {
        guard !result.wasInterrupted else { return [] }
        var faults: [SegmentFault] = []
        let counters = result.counters
        if isLate(result) { faults.append(.generatorBehind) }
        if result.laneNanoseconds > 0, Double(result.busyNanoseconds) > busyShare * Double(result.laneNanoseconds) {
            faults.append(.generatorBusy)
        }
        if result.rxDropped > 0 { faults.append(.receiveDrops) }
        // Over TCP a query is not sent when the server took its connection away, which is the server's loss.
        if result.transport == .udp, counters.unsent + counters.sendErrors > 0 { faults.append(.ownLoss) }
        if result.clockSteps > 0 || counters.unclocked > 0 { faults.append(.clockStep) }
        if shares.stolen > stolenShare { faults.append(.stolenTime) }
        if let others = shares.others, others > neighbours { faults.append(.crowded) }
        if faults.isEmpty, !result.isValid, !result.response.isEmpty { faults.append(.generatorBehind) }
        return faults
    }

    /// A latency counts from the intended send, so that our own lateness is part of it.
    private static func isLate(_ result: LoadResult) -> Bool {
        // Where nothing was answered, there is no latency to spoil.
        !result.response.isEmpty
            && lagShares.contains { percentile, share in
                let lag = result.sendLag.value(percentile: percentile)
                return lag > harmlessLag && Double(lag) > share * Double(result.response.value(percentile: percentile))
            }
    }

    /// The faults with their figures, in a sentence.
    static func reason(_ faults: [SegmentFault], _ result: LoadResult, _ shares: ProcessorShares) -> String {
        faults.map { fault in
            switch fault {
            case .generatorBehind:
                "\(fault.words): one query in a hundred left \(result.sendLag.value(percentile: 99) / 1_000) µs late or later"
            case .generatorBusy:
                "\(fault.words): busy for \(result.busyNanoseconds / 1_000_000) of \(result.laneNanoseconds / 1_000_000) ms"
            case .receiveDrops: "\(fault.words): \(result.rxDropped)"
            case .ownLoss: "\(fault.words): \(result.counters.unsent + result.counters.sendErrors)"
            case .clockStep: "\(fault.words) \(max(result.clockSteps, 1)) times"
            case .stolenTime: "\(fault.words): \(percent(shares.stolen)) of the time"
            case .crowded: "\(fault.words): \(percent(shares.others ?? 0)) of the time"
            }
        }.joined(separator: "; ")
    }

    private static func percent(_ share: Double) -> String { "\((share * 1_000).rounded() / 10) %" }
}
