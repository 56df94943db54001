import Foundation
import Measure
import Testing

@testable import Results

@Suite("The file of A/A runs")
struct NoiseFloorTests {
    /// The document of an A/A run that found these ratios.
    private func document(
        p50: Double,
        isSelf: Bool = true,
        status: RunStatus = .complete,
        pairs: Int = 12
    ) throws -> ResultDocument {
        var document = SampleDocument.make()
        document.status = status
        var comparison = try #require(document.comparison)
        comparison.design?.isSelf = isSelf
        comparison.pairs = pairs
        for index in comparison.metrics.indices where comparison.metrics[index].metric == .p50 {
            comparison.metrics[index].ratio = p50
        }
        document.comparison = comparison
        return document
    }

    private func withFile(_ body: (NoiseFloorFile) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nldns-floor-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(NoiseFloorFile(path: folder.appendingPathComponent("results/aa.ndjson").path))
    }

    @Test("runs are added one by one, and their floor holds on that machine under those conditions alone")
    func append() throws {
        try withFile { file in
            for ratio in [1.02, 1 / 1.06, 1.01] {
                try file.append(try #require(NoiseFloorRecord(try document(p50: ratio))))
            }
            let records = try file.records()
            #expect(records.count == 3 && records[1].ratios["p50"] == 1 / 1.06 && records[1].ratios["loss"] == nil)
            let known = NoiseFloors(
                records,
                fingerprint: records[0].fingerprint,
                conditions: "lab ipvs, reference, udp, 1000.0/s, 10000 ms, warm, kubernetes 0123456789ab"
            )
            #expect(known.runs == 3)
            #expect(abs(try #require(known.relative[.p50]) - 0.06) < 1e-9)
            #expect(NoiseFloors(records, fingerprint: "other", conditions: records[0].conditions).runs == 0)
            #expect(NoiseFloors(records, fingerprint: records[0].fingerprint, conditions: "other").relative.isEmpty)
        }
    }

    @Test("no floor comes from two servers, from a run that did not end, or from too few pairs")
    func refused() throws {
        #expect(NoiseFloorRecord(try document(p50: 1.02, isSelf: false)) == nil)
        #expect(NoiseFloorRecord(try document(p50: 1.02, status: .aborted)) == nil)
        #expect(NoiseFloorRecord(try document(p50: 1.02, pairs: 11)) == nil)
    }

    @Test("a missing file is missing, and a foreign line is named")
    func damaged() throws {
        try withFile { file in
            #expect(throws: ResultError.missing(path: file.path)) { try file.records() }
            try file.append(try #require(NoiseFloorRecord(try document(p50: 1.02))))
            var text = try String(contentsOfFile: file.path, encoding: .utf8)
            text += "{\"schema\":\"nldns.floor/2\"}\n"
            try text.write(toFile: file.path, atomically: true, encoding: .utf8)
            do throws(ResultError) {
                _ = try file.records()
                Issue.record("a foreign line was taken")
            } catch {
                #expect(error.description.contains("line 2"), "\(error)")
            }
        }
    }
}
