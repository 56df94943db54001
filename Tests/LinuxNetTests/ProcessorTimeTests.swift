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
    }

    @Test("another line, or one of an old kernel without the figure, is none")
    func foreign() {
        for text in ["", "cpu0 1 2 3 4 5 6 7 8\n", "cpu  1 2 3 4 5 6 7\n", "intr 1 2 3 4 5 6 7 8 9\n"] {
            #expect(ProcessorTime(text) == nil)
        }
    }

    @Test("this kernel tells")
    func live() throws {
        #expect(try #require(ProcessorTime.read()).total > 0)
    }
}
