import Capture
import DNSBench
import DNSWire
import Measure

/// The queries of a capture file with their times, to be sent again.
///
/// Question, RD, AD, CD and DO are those of the captured query; its other EDNS options are not kept, and its id is
/// replaced. Upstream queries, health checks and loop probes are left out: a server is asked what its clients asked.
struct CaptureReplay {
    /// The questions in the order of the capture.
    let workload: Workload
    /// Their times since the first, divided by the speed.
    let timeline: Timeline

    /// Reads a pcap or pcapng file.
    ///
    /// - Throws: ``Failure`` when it is damaged or holds no query; `CaptureError` when it is no capture.
    init(path: String, speed: Double) throws {
        let result = try CaptureFile.read(path: path, options: CaptureOptions(roles: CaptureRoles()))
        if let damage = result.damage {
            throw Failure(.badInput, "\(path): \(damage); only a whole capture is replayed")
        }
        let queries = result.records.filter { record in
            !record.isResponse && record.questionCount == 1 && record.side != .upstream && record.probe == nil
        }.sorted { $0.realtimeNanoseconds < $1.realtimeNanoseconds }
        guard let first = queries.first else { throw Failure(.badInput, "\(path) holds no DNS query to replay") }
        let offsets = queries.map { Int64(Double($0.realtimeNanoseconds - first.realtimeNanoseconds) / speed) }
        guard let timeline = Timeline(offsets) else { throw Failure(.bug, "\(path): the times of queries go back") }
        self.timeline = timeline
        workload = try Workload.queries(queries.map(CaptureReplay.query), popularity: .sequential, seed: 0)
    }

    private static func query(_ record: MessageRecord) -> WorkloadQuery {
        var options = QueryOptions(
            recursionDesired: record.flags.rawValue & 0x0100 != 0,
            ednsPayloadSize: record.hasOPT ? 1_232 : nil,
            dnssecOK: record.dnssecOK
        )
        options.authenticData = record.flags.rawValue & 0x0020 != 0
        options.checkingDisabled = record.flags.rawValue & 0x0010 != 0
        return WorkloadQuery(
            name: record.qname,
            type: record.qtype,
            recordClass: record.qclass,
            options: options
        )
    }
}
