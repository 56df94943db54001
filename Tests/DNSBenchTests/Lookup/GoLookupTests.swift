import Testing

@testable import DNSBench

@Suite("A lookup as Go does it")
struct GoLookupTests {
    @Test("Each type has a socket of its own, and each exchange a new one")
    func sockets() throws {
        let run = try LookupSimulation.run("a.b", podSettings(.go, search: ["x"])) { query in
            .answer(query.step == 1 ? .address : .nameless)
        }
        #expect(
            run.queries == [
                "0.0 A #0 @0 udp 0.1", "0.0 AAAA #0 @0 udp 1.2", "0.0 A #1 @0 udp 0.3", "0.0 AAAA #1 @0 udp 1.4",
            ]
        )
        #expect(run.outcome == .found)
    }

    @Test("One type with addresses is enough, but both are waited for")
    func oneType() throws {
        let run = try LookupSimulation.run("db.", podSettings(.go)) { query in
            query.family == .a ? .answer(.address) : query.number < 2 ? .silence : .answer(.noData)
        }
        #expect(run.sequence == ["0.0 A #0 @0 udp", "0.0 AAAA #0 @0 udp", "5.0 AAAA #0 @0 udp"])
        #expect(run.end == 5)
        #expect(run.outcome == .found)
    }

    @Test("Time-outs and SERVFAIL do not end the search", arguments: [true, false])
    func goesOn(_ isSilent: Bool) throws {
        let run = try LookupSimulation.run("a.b", podSettings(.go, search: ["x"])) { query in
            query.step == 1 ? .answer(.address) : isSilent ? .silence : .answer(.broken)
        }
        #expect(run.sequence.count == 4 + 2)
        #expect(run.end == (isSilent ? 10 : 0))
        #expect(run.outcome == .found)
    }

    @Test("NXDOMAIN and a missing type stop the servers, not the search")
    func nameError() throws {
        let run = try LookupSimulation.run("db", podSettings(.go, servers: 2, search: ["x"])) { query in
            .answer(query.step == 0 ? .nameless : .alias)
        }
        #expect(run.sequence.count == 4)
        #expect(run.outcome == .notFound)
    }

    @Test("Every server is asked in turn, attempt by attempt, with the whole timeout each")
    func silence() throws {
        let run = try LookupSimulation.run("db.", podSettings(.go, servers: 2)) { _ in .silence }
        #expect(
            run.sequence.filter { $0.contains(" A ") } == [
                "0.0 A #0 @0 udp", "5.0 A #0 @1 udp", "10.0 A #0 @0 udp", "15.0 A #0 @1 udp",
            ]
        )
        #expect(run.end == 20)
        #expect(run.outcome == .failed)
    }

    @Test("The error of the name as it is counts, or else the first")
    func lastError() throws {
        let settings = podSettings(.go, search: ["x"], attempts: 1)
        let failed = try LookupSimulation.run("db", settings) { .answer($0.step == 0 ? .nameless : .broken) }
        #expect(failed.outcome == .failed)
        let missing = try LookupSimulation.run("db", settings) { .answer($0.step == 0 ? .broken : .nameless) }
        #expect(missing.outcome == .notFound)
    }

    @Test("single-request asks AAAA once A has ended")
    func singleRequest() throws {
        for options in [LookupSettings.Options.singleRequest, .singleRequestReopen] {
            let run = try LookupSimulation.run("db.", podSettings(.go, options: options)) { query in
                .answer(.address, after: query.family == .a ? 100_000_000 : 1_000_000)
            }
            #expect(run.queries == ["0.0 A #0 @0 udp 0.1", "0.1 AAAA #0 @0 udp 1.2"])
        }
    }

    @Test("With rotate A and AAAA go to different servers")
    func rotate() throws {
        let run = try LookupSimulation.run("db.", podSettings(.go, servers: 2, options: .rotate)) { _ in
            .answer(.address)
        }
        #expect(run.sequence == ["0.0 A #0 @0 udp", "0.0 AAAA #0 @1 udp"])
    }

    @Test("A truncated answer is asked for over TCP with time of its own")
    func truncated() throws {
        let run = try LookupSimulation.run("db.", podSettings(.go)) { query in
            query.isTCP ? .answer(.address) : .answer(query.family == .a ? .cut : .noData)
        }
        #expect(run.queries == ["0.0 A #0 @0 udp 0.1", "0.0 AAAA #0 @0 udp 1.2", "0.0 A #0 @0 tcp 0.3"])
        #expect(run.outcome == .found)
        let lost = try LookupSimulation.run("db.", podSettings(.go, attempts: 1)) { query in
            query.isTCP ? .silence : .answer(query.family == .a ? .cut : .noData, after: 4_000_000_000)
        }
        #expect(lost.end == 9)
        #expect(lost.outcome == .failed, "A ended last, and of the name as it is the last error counts")
    }

    @Test("A truncated answer over TCP is an answer")
    func truncatedOverTCP() throws {
        let run = try LookupSimulation.run("db.", podSettings(.go, options: .useVC)) { _ in
            .answer(.plain(0, [.recursive, .truncated, .hasAnswer, .hasAddress]))
        }
        #expect(run.sequence == ["0.0 A #0 @0 tcp", "0.0 AAAA #0 @0 tcp"])
        #expect(run.outcome == .found)
    }

    @Test("A failed socket and a lame referral go to the next server at once")
    func refused() throws {
        let run = try LookupSimulation.run("db.", podSettings(.go, servers: 3)) { query in
            query.server == 0 ? .fails(.refused) : .answer(query.server == 1 ? .lame : .address)
        }
        #expect(run.sequence.count == 6)
        #expect(run.end == 0)
        #expect(run.outcome == .found)
    }
}
