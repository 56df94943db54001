import Testing

@testable import Results

@Suite("Baselines and history")
struct BaselineTests {
    private static let promotion = PromotionRecord(
        by: "Ada <ada@example.com>",
        reason: "released",
        at: Timestamp(realtimeNanoseconds: 1_800_000_000_000_000_000),
        commit: "0123abc",
        sourceSHA256: SHA256.hexadecimal(of: [])
    )

    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        try body(folder.path)
    }

    @Test("a promoted result stands under its class and scenario, says who and why, and is a sound result itself")
    func promote() throws {
        try inFolder { folder in
            let store = BaselineStore(folder: folder + "/baselines")
            let document = SampleDocument.make()
            let first = try store.promote(document, Self.promotion)
            #expect(first.path == store.path(for: document) && first.replaced == nil)
            let baseline = try ResultDocument.read(first.path)
            #expect(baseline.promotion == Self.promotion)
            #expect(baseline.load?.map(\.latency) == document.load?.map(\.latency))
            #expect(baseline.load?.allSatisfy { $0.series == nil } == true)
            #expect(baseline.checks == nil && baseline.capture == nil && baseline.gate == nil)
            #expect(ResultVerification.findings(in: baseline) == [])
            let second = try store.promote(document, Self.promotion)
            #expect(second.replaced?.promotion == Self.promotion)
        }
    }

    @Test("the class names architecture, processors, kernel line and fingerprint, and is one safe folder name")
    func className() {
        var environment = SampleDocument.make().environment
        #expect(environment.className == "x86_64-4c-6.1-" + environment.fingerprint.prefix(12))
        environment.kernel = "../../etc"
        environment.arch = "/a b"
        #expect(!environment.className.contains("/") && !environment.className.contains(" "))
    }

    @Test("a failed, unfinished, empty or contradictory result is no baseline, and nothing is written")
    func refused() throws {
        try inFolder { folder in
            let store = BaselineStore(folder: folder)
            func expect(_ error: BaselineError, _ change: (inout ResultDocument) -> Void) {
                var document = SampleDocument.make()
                change(&document)
                #expect(throws: error) { try store.promote(document, Self.promotion) }
            }
            expect(.failed) { $0.verdict = .fail }
            expect(.noVerdict(status: .aborted, verdict: .pass)) { $0.status = .aborted }
            expect(.noVerdict(status: .complete, verdict: .inconclusive)) { $0.verdict = .inconclusive }
            expect(.noScenario) { $0.scenario = nil }
            expect(.noLoad) { $0.load = nil }
            var tampered = SampleDocument.make()
            tampered.load?[0].counters.late = 0
            tampered.load?[0].latency.response.p99 /= 2
            let error = #expect(throws: BaselineError.self) { try store.promote(tampered, Self.promotion) }
            #expect(error?.description.contains("load[0].latency_ns.response.p99") == true)
            #expect(ScratchFolder.names(in: folder).isEmpty)
        }
    }

    @Test("a run is recorded once, in a line under 2 KB, and later runs find those before them")
    func history() throws {
        try inFolder { folder in
            let store = HistoryStore(folder: folder)
            var runs: [ResultDocument] = []
            for index in 0..<3 {
                var document = SampleDocument.make()
                document.started = Timestamp(realtimeNanoseconds: 1_700_000_000_000_000_000 + Int64(index))
                runs.append(document)
                let entry = try #require(HistoryEntry(document))
                #expect(try store.append(entry, of: document))
                #expect(try !store.append(entry, of: document))
            }
            let path = try #require(store.path(for: runs[0]))
            let lines = try DurableFile.read(path).split(separator: UInt8(ascii: "\n"))
            #expect(lines.count == 3 && lines.allSatisfy { $0.count < 2_048 })
            #expect(try store.entries(before: runs[2]).map(\.started) == [runs[0].started, runs[1].started])
            #expect(try store.entries(before: runs[0]).isEmpty)
            let figures = try store.entries(before: runs[1])[0].figures
            #expect(figures["cache.p99"] == Double(runs[0].load?[1].latency.response.p99 ?? 0))
            #expect(figures["cluster.loss"] == 0.0001 && figures["cache.achieved_qps"] == runs[0].load?[1].achievedQPS)
            var other = runs[2]
            other.scenario?.sha256 = SHA256.hexadecimal(of: [9])
            #expect(try store.entries(before: other).isEmpty)
        }
    }

    @Test("a damaged line of a history is named, and a run without scenario, end or load has no line")
    func damagedHistory() throws {
        try inFolder { folder in
            let store = HistoryStore(folder: folder)
            let document = SampleDocument.make()
            let path = try #require(store.path(for: document))
            _ = try store.append(try #require(HistoryEntry(document)), of: document)
            try DurableFile.write(try DurableFile.read(path) + Array("{\"started\":\n".utf8), to: path)
            let error = #expect(throws: ResultError.self) { try store.entries(before: document) }
            #expect(error?.description.contains("line 2") == true && error?.exitCode == 65)
            for change: (inout ResultDocument) -> Void in [
                { $0.scenario = nil }, { $0.status = .aborted }, { $0.load = nil },
            ] {
                var document = document
                change(&document)
                #expect(HistoryEntry(document) == nil)
            }
        }
    }
}
