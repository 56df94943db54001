package import Measure
package import Results

/// The response latency of one target in one phase, over all its loads.
package struct LatencyRow: Sendable {
    /// The target's name.
    package let target: String
    /// What the loads were for.
    package let phase: String
    /// `udp` or `tcp`.
    package let transport: String
    /// What became of the queries.
    package let counters: LoadCounters
    /// Answers by rcode.
    package let rcodes: [String: UInt64]
    /// Answers a second, over the time that the loads took together.
    package let achievedQPS: Double
    /// Queries a second that were asked for, the mean over the loads.
    package let offeredQPS: Double
    /// All latencies; nil when a histogram could not be read.
    package let histogram: LatencyHistogram?
    /// The figures that the document states, of a single load.
    private let stated: LatencySummary?
    /// Why the figures may not be believed; nil when they may.
    package let invalidReason: String?
    /// The loads.
    package let loads: [LoadRecord]

    /// One row for each target, phase and transport, in the order of the document.
    package static func all(in document: ResultDocument) -> [LatencyRow] {
        var groups: [[LoadRecord]] = []
        for load in document.load ?? [] {
            let place = groups.firstIndex { group in
                group[0].target == load.target && group[0].phase == load.phase && group[0].transport == load.transport
            }
            if let place { groups[place].append(load) } else { groups.append([load]) }
        }
        return groups.map(LatencyRow.init)
    }

    private init(_ loads: [LoadRecord]) {
        let first = loads[0]
        self.loads = loads
        target = DisplayText.clean(first.target, limit: 60)
        phase = DisplayText.clean(first.phase, limit: 60)
        transport = DisplayText.clean(first.transport, limit: 20)
        var counters = LoadCounters()
        var merged = LatencyHistogram()
        var isReadable = true
        var rcodes: [String: UInt64] = [:]
        var seconds = 0.0
        for load in loads {
            counters.add(load.counters)
            rcodes.merge(load.rcodes) { first, second in first.addingReportingOverflow(second).partialValue }
            seconds += Double(load.durationNanoseconds) / 1e9
            do {
                try merged.merge(hdrText: load.latency.response.hdr)
            } catch {
                isReadable = false
            }
        }
        self.counters = counters
        self.rcodes = rcodes
        achievedQPS = seconds > 0 ? Double(counters.answered) / seconds : first.achievedQPS
        offeredQPS = loads.map(\.offeredQPS).reduce(0, +) / Double(loads.count)
        histogram = isReadable ? merged : nil
        invalidReason = loads.lazy.compactMap(\.invalidReason).first.map { DisplayText.clean($0) }
        stated = loads.count == 1 ? first.latency.response : nil
    }

    /// The target's name, with a mark where the figures may not be believed.
    package var markedTarget: String { invalidReason == nil ? target : "\(target) (invalid)" }

    /// The latency in nanoseconds at a percentile; nil when it is not known.
    package func value(percentile: Double) -> Int64? {
        if let stated {
            switch percentile {
            case 50: return stated.p50
            case 90: return stated.p90
            case 99: return stated.p99
            case 99.9: return stated.p99_9
            case 99.99: return stated.p99_99
            case 100: return stated.max
            default: break
            }
        }
        return histogram?.value(percentile: percentile)
    }

    /// Whether ten answers or more lie above a percentile.
    package func supports(percentile: Double) -> Bool {
        histogram?.supports(percentile: percentile) ?? true
    }

    /// Queries without an answer per query sent.
    package var lossFraction: Double {
        counters.sent == 0 ? 0 : Double(counters.timedOut) / Double(counters.sent)
    }
}

extension LatencyRow {
    /// What the generator had in reserve, a sentence; nil where nobody looked.
    package var generatorSentence: String? {
        guard let busiest = loads.compactMap(\.generator).max(by: { $0.busyRatio < $1.busyRatio }) else { return nil }
        let isClosed = loads.contains { $0.model == "closed" }
        let capacity =
            busiest.capacityQPS.map { ", \(Quantity.count(UInt64(max(0, $0)))) answers/s from an echo" } ?? ""
        guard busiest.busyRatio <= 0.95 else {
            return "the generator worked all the time\(capacity): the server may be faster than these figures."
        }
        let headroom = Quantity.ratio((busiest.headroom * 10).rounded() / 10)
        return isClosed
            ? "the generator waited for answers \(Quantity.percent(1 - busiest.busyRatio)) of the time\(capacity)."
            : "the generator could have sent \(headroom) as much\(capacity)."
    }
}
