import Glibc
import Results
import Testing

@testable import Report

@Suite("Earlier runs of a store")
struct PastRunTests {
    @Test("A run finds the earlier ones of its scenario; damaged ones and those of others are left out")
    func store() throws {
        var template = Array("/tmp/nldns-history-XXXXXX".utf8CString)
        let folder = String(cString: try #require(mkdtemp(&template)))
        let store = ResultStore(folder: folder)
        var made: [ResultStore.Run] = []
        defer {
            for run in made {
                unlink(run.resultPath)
                rmdir(run.folder)
            }
            rmdir(folder)
        }
        var document = SampleDocument.short()
        let start = document.started.realtimeNanoseconds
        for (hours, scenario) in [
            (0, "pre-rollout"), (1, "quick"), (2, "pre-rollout"), (3, "pre-rollout"), (4, "pre-rollout"),
        ] {
            document.started = Timestamp(realtimeNanoseconds: start + Int64(hours) * 3_600_000_000_000)
            let run = try store.makeRun(started: document.started, scenario: scenario)
            try document.write(to: run.resultPath)
            made.append(run)
        }
        try DurableFile.write(Array("{".utf8), to: made[2].resultPath)
        let history = made[4].history()
        #expect(history.map { ($0.started.realtimeNanoseconds - start) / 3_600_000_000_000 } == [0, 3])
        #expect(made[4].history(limit: 1).count == 1)
        let figure = PastRun.Figure(target: "cache", kind: .p50)
        #expect(history.allSatisfy { $0.figures[figure] ?? 0 > 0 && $0.scenario == document.scenario?.sha256 })
    }
}
