import Glibc
import Testing

@testable import Results

@Suite("Files and store")
struct ResultStoreTests {
    /// Runs `body` in a new folder that is removed afterwards.
    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        try body(folder.path)
    }

    @Test("writing replaces the file and leaves nothing else behind")
    func write() throws {
        try inFolder { folder in
            let path = folder + "/result.json"
            try DurableFile.write(Array("old".utf8), to: path)
            try SampleDocument.make().write(to: path)
            #expect(try ResultDocument.read(path) == SampleDocument.make())
            #expect(ScratchFolder.names(in: folder) == ["result.json"])
        }
    }

    @Test("a folder that cannot be written to is named, and so is a missing file")
    func errors() throws {
        #expect(throws: ResultError.missing(path: "/nonexistent/r.json")) {
            try ResultDocument.read("/nonexistent/r.json")
        }
        let error = #expect(throws: ResultError.self) {
            try SampleDocument.make().write(to: "/nonexistent/r.json")
        }
        #expect(error?.exitCode == 73)
        #expect(error?.description == "/nonexistent/r.json cannot be created: No such file or directory.")
        #expect(throws: ResultError.self) { try ResultDocument.read("/tmp") }
    }

    @Test("a file above the limit is refused")
    func limit() throws {
        try inFolder { folder in
            let path = folder + "/large"
            try DurableFile.write([UInt8](repeating: 0, count: 200_000), to: path)
            #expect(throws: ResultError.self) { try DurableFile.read(path, maximumBytes: 100_000) }
        }
    }

    @Test("a run's folder has time and scenario in its name, and a second one gets a number")
    func store() throws {
        try inFolder { folder in
            let store = ResultStore(folder: folder + "/deep/results")
            let started = Timestamp(realtimeNanoseconds: 1_718_092_800_999_999_999)
            let first = try store.makeRun(started: started, scenario: "pre-rollout")
            let second = try store.makeRun(started: started, scenario: "pre-rollout")
            #expect(first.folder == folder + "/deep/results/20240611T080000Z-pre-rollout")
            #expect(second.folder == first.folder + "-2")
            #expect(try store.runs().isEmpty)
            try SampleDocument.make().write(to: second.resultPath)
            #expect(try store.runs() == [second])
        }
    }

    @Test(
        "a scenario's path cannot lead out of the store",
        arguments: [("../../etc/passwd", "passwd"), ("..", "run.."), ("", "run"), ("a b\u{1B}[31m\n", "a_b__31m_")]
    )
    func names(scenario: String, name: String) throws {
        try inFolder { folder in
            let run = try ResultStore(folder: folder).makeRun(
                started: Timestamp(realtimeNanoseconds: 0),
                scenario: scenario
            )
            #expect(run.folder == "\(folder)/19700101T000000Z-\(name)")
        }
    }

    @Test("a store that is not there is named")
    func noStore() {
        #expect(throws: ResultError.missing(path: "/nonexistent")) { try ResultStore(folder: "/nonexistent").runs() }
    }
}
