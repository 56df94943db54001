import Testing

@testable import DNSBench

@Suite("A lookup as musl does it")
struct MuslLookupTests {
    @Test("All servers get both questions at once from one socket, and the first good answers count")
    func parallel() throws {
        let run = try LookupSimulation.run("db.", podSettings(.musl, servers: 3)) { query in
            .answer(.address, after: query.server == 2 ? 1_000_000 : 900_000_000)
        }
        #expect(
            run.queries == [
                "0.0 A #0 @0 udp 0.1", "0.0 A #0 @1 udp 0.1", "0.0 A #0 @2 udp 0.1", "0.0 AAAA #0 @0 udp 0.1",
                "0.0 AAAA #0 @1 udp 0.1", "0.0 AAAA #0 @2 udp 0.1",
            ]
        )
        #expect(run.end == 0)
        #expect(run.causes == [.first, .copy, .copy, .first, .copy, .copy])
        #expect(run.outcome == .found)
    }

    @Test("Only NXDOMAIN lets the search go on")
    func search() throws {
        let found = try LookupSimulation.run("www.example.com", podSettings(.musl)) { query in
            .answer(query.step == 3 ? .address : .nameless)
        }
        #expect(found.sequence.count == 8)
        #expect(found.outcome == .found)
        let noData = try LookupSimulation.run("www.example.com", podSettings(.musl)) { _ in .answer(.noData) }
        #expect(noData.sequence.count == 2)
        #expect(noData.outcome == .notFound)
    }

    @Test("NXDOMAIN for one type alone lets the search go on, too")
    func nameErrorForOne() throws {
        let run = try LookupSimulation.run("db", podSettings(.musl, search: ["x"])) { query in
            .answer(query.step == 0 && query.family == .aaaa ? .nameless : .address)
        }
        #expect(run.sequence.count == 4)
    }

    @Test("Silence is asked again after timeout over attempts, and ends the search")
    func silence() throws {
        let run = try LookupSimulation.run("db", podSettings(.musl)) { _ in .silence }
        #expect(run.sequence == ["0.0 A #0 @0 udp", "0.0 AAAA #0 @0 udp", "2.5 A #0 @0 udp", "2.5 AAAA #0 @0 udp"])
        #expect(run.end == 5)
        #expect(run.outcome == .failed)
        #expect(Set(run.sockets) == ["0.1"])
    }

    @Test("Three attempts in five seconds make three rounds, though 1,666 ms go into five seconds once more")
    func rounding() throws {
        let run = try LookupSimulation.run("db.", podSettings(.musl, attempts: 3)) { _ in .silence }
        #expect(run.sequence.count == 6)
        #expect(run.end == 5)
    }

    @Test("Only the type that is missing is asked again")
    func race() throws {
        let run = try LookupSimulation.run("db.", podSettings(.musl)) { query in
            query.number == 1 ? .silence : .answer(.address)
        }
        #expect(run.sequence == ["0.0 A #0 @0 udp", "0.0 AAAA #0 @0 udp", "2.5 AAAA #0 @0 udp"])
        #expect(run.outcome == .found)
    }

    @Test("SERVFAIL is asked again at once, four times a round")
    func serverFailure() throws {
        let run = try LookupSimulation.run("db", podSettings(.musl)) { _ in .answer(.broken) }
        #expect(run.sequence.count == 2 * (2 + 4))
        #expect(run.end == 5)
        #expect(run.outcome == .failed)
    }

    @Test("A refusal is as good as silence")
    func refused() throws {
        let run = try LookupSimulation.run("db", podSettings(.musl)) { _ in .answer(.declined) }
        #expect(run.sequence.count == 4)
        #expect(run.end == 5)
        #expect(run.outcome == .failed)
    }

    @Test("A truncated answer is fetched over TCP for its type alone")
    func truncated() throws {
        let run = try LookupSimulation.run("db.", podSettings(.musl, servers: 2)) { query in
            if query.isTCP { return .answer(.address) }
            return query.family == .a && query.server == 1 ? .answer(.cut) : .answer(.address, after: 5_000_000)
        }
        #expect(run.queries.last == "0.0 A #0 @1 tcp 1.2")
        #expect(run.causes.last == .truncated)
        #expect(run.outcome == .found)
    }

    @Test("An error over TCP fails the lookup", arguments: [LookupFailure.refused, .closed, .reset])
    func brokenStream(_ failure: LookupFailure) throws {
        let run = try LookupSimulation.run("db", podSettings(.musl)) { query in
            query.isTCP ? .fails(failure) : .answer(query.family == .a ? .cut : .address)
        }
        #expect(run.outcome == .failed)
        #expect(run.sequence.count == 3)
        let rcode = try LookupSimulation.run("db", podSettings(.musl)) { query in
            query.isTCP ? .answer(.broken) : .answer(query.family == .a ? .cut : .address)
        }
        #expect(rcode.outcome == .failed)
    }

    @Test("single-request, rotate and use-vc change nothing")
    func unknownOptions() throws {
        let settings = podSettings(.musl, servers: 2, options: [.singleRequest, .rotate, .useVC, .noAAAA])
        let run = try LookupSimulation.run("db.", settings) { _ in .answer(.address) }
        #expect(run.sequence == ["0.0 A #0 @0 udp", "0.0 A #0 @1 udp", "0.0 AAAA #0 @0 udp", "0.0 AAAA #0 @1 udp"])
    }
}
