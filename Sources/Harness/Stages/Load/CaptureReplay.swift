import Capture
import DNSBench
import Measure

/// The queries of a capture file with their times, to be sent again.
///
/// Queries are sent octet for octet, with all their flags and options; only their id is replaced. Upstream queries,
/// health checks and loop probes are left out: a server is asked what its clients asked.
struct CaptureReplay {
    /// The questions in the order of the capture.
    let workload: Workload
    /// Their times since the first, divided by the speed.
    let timeline: Timeline

    /// Reads a pcap or pcapng file.
    ///
    /// - Throws: ``Failure`` when it is damaged or holds no query; `CaptureError` when it is no capture.
    init(path: String, speed: Double) throws {
        var capture = CaptureOptions()
        capture.keepsQueries = true
        let result = try CaptureFile.read(path: path, options: capture)
        if let damage = result.damage {
            throw Failure(.badInput, "\(path): \(damage); only a whole capture is replayed")
        }
        guard let queries = result.queries, queries.count > 0 else {
            throw Failure(.badInput, "\(path) holds no DNS query to replay")
        }
        let order = (0..<queries.count).sorted { (queries.times[$0], $0) < (queries.times[$1], $1) }
        let first = queries.times[order[0]]
        let offsets = order.map { Int64(Double(queries.times[$0] - first) / speed) }
        guard let timeline = Timeline(offsets) else { throw Failure(.bug, "\(path): the times of queries go back") }
        self.timeline = timeline
        workload = try Workload.messages(order.map(queries.message))
    }
}
