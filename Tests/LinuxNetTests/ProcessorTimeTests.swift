import Testing

@testable import LinuxNet

@Suite("Time of the processors")
struct ProcessorTimeTests {
    @Test("the eighth figure of the first line is what the host took; guests' time counts once")
    func parse() throws {
        let before = try #require(ProcessorTime("cpu  100 0 50 800 10 5 5 30 70 0\ncpu0 1 2 3\n"))
        #expect(before.total == 1_000 && before.stolen == 30)
        let after = try #require(ProcessorTime("cpu  150 0 60 1200 10 5 5 70 70 0\n"))
        #expect(after.stolenShare(since: before) == 0.08)
        #expect(before.stolenShare(since: after) == 0)
        // 60 ticks of work, of which 20 are ours.
        #expect(after.othersShare(since: before, ours: 20) == 0.08)
        #expect(after.othersShare(since: before, ours: 70) == 0 && before.othersShare(since: after, ours: 0) == 0)
    }

    @Test("another line, or one of an old kernel without the figure, is none")
    func foreign() {
        for text in ["", "cpu0 1 2 3 4 5 6 7 8\n", "cpu  1 2 3 4 5 6 7\n", "intr 1 2 3 4 5 6 7 8 9\n"] {
            #expect(ProcessorTime(text) == nil)
        }
    }

    @Test(
        "a tree adds up the process, all that descend from it and the threads of the kernel, whatever they are called"
    )
    func tree() throws {
        let lines = [
            "10 (nldns) S 1 10 10 0 -1 4194304 1 0 0 0 100 20 3 4 20 0 1 0 5",
            "11 (a) S 10 (b) R 10 10 10 0 -1 4194304 1 0 0 0 1000 0 0 0 20 0 1 0 5",
            "12 (child of 11) S 11 10 10 0 -1 4194304 1 0 0 0 0 2000 0 0 20 0 1 0 5",
            "2 (kthreadd) S 0 0 0 0 -1 4194304 1 0 0 0 0 10000 0 0 20 0 1 0 5",
            "3 (ksoftirqd/0) S 2 0 0 0 -1 4194304 1 0 0 0 0 20000 0 0 20 0 1 0 5",
            "13 (another) S 1 10 10 0 -1 4194304 1 0 0 0 7 7 7 7 20 0 1 0 5", "14 (cut", "garbage",
        ]
        #expect(try #require(ProcessTreeTime(lines, root: 10)).ticks == 33_127)
        #expect(ProcessTreeTime(lines, root: 14) == nil && ProcessTreeTime([], root: 1) == nil)
    }

    @Test("this kernel tells, and what this process uses is ours")
    func live() throws {
        #expect(try #require(ProcessorTime.read()).total > 0)
        let before = try #require(ProcessTreeTime.read())
        let end = Clock.monotonicNanoseconds() + 200_000_000
        while Clock.monotonicNanoseconds() < end {}
        #expect(try #require(ProcessTreeTime.read()).ticks > before.ticks)
    }
}
