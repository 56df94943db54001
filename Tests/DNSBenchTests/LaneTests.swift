import DNSWire
import Measure
import Testing

@testable import DNSBench

@Suite("Lane parts")
struct LaneTests {
    @Test("Every id is used once before any is used again", arguments: [UInt64(0), 1, 0xdead_beef_0bad_cafe])
    func ids(seed: UInt64) throws {
        for order in [InFlightTable.IDOrder.scattered, .adjacent] {
            var table = InFlightTable(seed: seed, order: order)
            var seen = Set<UInt16>()
            while let id = table.takeID() {
                seen.insert(id)
                table.insert(id, query: 1, intended: 0, sent: Int64(seen.count))
            }
            let waiting = table.waitingCount
            #expect(seen.count == 65_535 && waiting == 65_535)
        }
    }

    @Test("An id rests after its query timed out, and tells late answers until then")
    func quarantine() throws {
        var table = InFlightTable(seed: 1, order: .scattered)
        let taken = table.takeID()
        let id = try #require(taken)
        table.insert(id, query: 9, intended: 50, sent: 100)
        let tooYoung = table.popExpired(sentAtOrBefore: 99)
        #expect(tooYoung == nil)
        let popped = table.popExpired(sentAtOrBefore: 100)
        let expired = try #require(popped)
        #expect(expired.query == 9 && expired.intended == 50)
        let resting = table.entry(id)
        #expect(resting.state == .quarantined && resting.query == 9)
        table.releaseQuarantine(sentAtOrBefore: 99)
        let stillResting = table.entry(id).state
        #expect(stillResting == .quarantined)
        table.releaseQuarantine(sentAtOrBefore: 100)
        let released = table.entry(id).state
        #expect(released == .free)
    }

    @Test("The oldest query is found whatever was answered in between")
    func order() throws {
        var table = InFlightTable(seed: 1, order: .adjacent)
        var ids: [UInt16] = []
        for time in 0..<5 {
            let taken = table.takeID()
            let id = try #require(taken)
            ids.append(id)
            table.insert(id, query: UInt32(time), intended: 0, sent: Int64(time))
        }
        table.complete(ids[0])
        table.complete(ids[2])
        table.complete(ids[4])
        let oldest = table.oldestSent
        let left = [table.popOldest()?.query, table.popOldest()?.query, table.popOldest()?.query]
        #expect(oldest == 1 && left == [1, 3, nil])
    }

    @Test("Lanes together keep the rate's equal gaps")
    func arrivals() {
        let plan = LoadPlan(
            target: .init(address: .v4(1), port: 53),
            model: .open(ratePerSecond: 1_000),
            limit: .duration(nanoseconds: 10_000_000),
            connections: 2,
            threads: 2
        )
        var times: [Int64] = []
        for lane in 0..<2 {
            var source = ArrivalSource(plan: plan, lane: lane, start: 5_000)
            while let time = source.take(now: .max) { times.append(time) }
            #expect(source.isFinished(now: 0))
        }
        #expect(times.sorted() == (0..<10).map { 5_000 + $0 * 1_000_000 })
    }

    @Test("A query is not due before its time")
    func notYet() {
        let plan = LoadPlan(
            target: .init(address: .v4(1), port: 53),
            model: .open(ratePerSecond: 1_000),
            limit: .queries(2)
        )
        var source = ArrivalSource(plan: plan, lane: 0, start: 100)
        let taken = [Int64(99), 100, 1_000_099, 1_000_100].map { source.take(now: $0) }
        #expect(taken == [nil, 100, nil, 1_000_100])
        #expect(source.nextIntended == .max)
    }

    @Test("Lanes ask disjoint turns of one order")
    func exclusiveTurns() throws {
        let queries = try (0..<10).map { WorkloadQuery(name: try .init("n\($0)"), type: .a) }
        let order = try Workload.queries(queries, popularity: .sequential, seed: 0).order
        var cursors = (0..<3).map { QueryCursor(order: order, lane: $0, lanes: 3) }
        var asked: [UInt32] = []
        for _ in 0..<10 { for lane in 0..<3 { asked.append(cursors[lane].next()) } }
        #expect(asked == (0..<30).map { UInt32($0 % 10) })
    }

    @Test("A stamp outside the query's life betrays a clock step, and its sample is left out")
    func clockStep() {
        var bridge = ClockBridge()
        let offset = bridge.offset
        let stamps = [1_000_000, 5_000_000_000, -5_000_000_000].map { offset + $0 }
        let converted = stamps.map { bridge.monotonic(stamp: $0, earliest: 900_000, now: 1_100_000) }
        #expect(converted == [1_000_000, nil, nil])
    }
}
