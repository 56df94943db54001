import DNSWire
import Testing

@testable import DNSBench

@Suite("A lookup as glibc does it")
struct GlibcLookupTests {
    @Test("Both types leave at once on one socket, and each name has a socket of its own")
    func pair() throws {
        let run = try LookupSimulation.run("www.example.com", podSettings(.glibc)) { query in
            .answer(query.step == 3 ? .address : .nameless)
        }
        #expect(
            run.queries == [
                "0.0 A #0 @0 udp 0.1", "0.0 AAAA #0 @0 udp 0.1", "0.0 A #1 @0 udp 0.2", "0.0 AAAA #1 @0 udp 0.2",
                "0.0 A #2 @0 udp 0.3", "0.0 AAAA #2 @0 udp 0.3", "0.0 A #3 @0 udp 0.4", "0.0 AAAA #3 @0 udp 0.4",
            ]
        )
        #expect(run.outcome == .found)
        #expect(run.causes.allSatisfy { $0 == .first })
    }

    @Test("One type without data does not keep the other from ending the search")
    func noDataForOne() throws {
        let run = try LookupSimulation.run("db", podSettings(.glibc)) { query in
            .answer(query.family == .a ? .address : .noData)
        }
        #expect(run.queries.count == 2)
        #expect(run.outcome == .found)
    }

    @Test("A name without data lets the search go on, and is remembered as not found")
    func noDataGoesOn() throws {
        let run = try LookupSimulation.run("db", podSettings(.glibc)) { query in
            .answer(query.step == 0 ? .noData : .broken)
        }
        // SERVFAIL in later domains: two attempts each, and NO_DATA wins over TRY_AGAIN in the end.
        #expect(run.sequence.count == 2 + 3 * 4)
        #expect(run.outcome == .notFound)
    }

    @Test("An alias without an address ends the search and finds nothing")
    func aliasOnly() throws {
        let run = try LookupSimulation.run("db", podSettings(.glibc)) { _ in .answer(.alias) }
        #expect(run.queries.count == 2)
        #expect(run.outcome == .notFound)
    }

    @Test("SERVFAIL to both goes to the next server, and after all attempts to the next name")
    func serverFailure() throws {
        let run = try LookupSimulation.run("a.b", podSettings(.glibc, servers: 2, search: ["x"])) { query in
            .answer(query.server == 0 ? .broken : .nameless)
        }
        #expect(
            run.sequence == [
                "0.0 A #0 @0 udp", "0.0 AAAA #0 @0 udp", "0.0 A #0 @1 udp", "0.0 AAAA #0 @1 udp",
                "0.0 A #1 @0 udp", "0.0 AAAA #1 @0 udp", "0.0 A #1 @1 udp", "0.0 AAAA #1 @1 udp",
            ]
        )
        #expect(run.outcome == .notFound)
        #expect(run.causes[2] == .otherServer)
    }

    @Test("SERVFAIL everywhere is remembered: the lookup fails though the name itself does not exist")
    func serverFailureRemembered() throws {
        let run = try LookupSimulation.run("a.b", podSettings(.glibc, search: ["x"], attempts: 1)) { query in
            .answer(query.step == 0 ? .broken : .nameless)
        }
        #expect(run.outcome == .failed)
        #expect(run.sequence.count == 4)
    }

    @Test("SERVFAIL for one type alone is passed over")
    func serverFailureForOne() throws {
        for (bad, good) in [(LookupFamily.a, LookupFamily.aaaa), (.aaaa, .a)] {
            let run = try LookupSimulation.run("db", podSettings(.glibc)) { query in
                query.family == good ? .answer(.address, after: 2_000_000) : .answer(.broken)
            }
            #expect(run.queries.count == 2, "\(bad)")
            #expect(run.outcome == .found)
        }
    }

    @Test("With strict-error it is not")
    func strictError() throws {
        let run = try LookupSimulation.run("db", podSettings(.glibc, servers: 2, options: .strictError)) { query in
            query.family == .aaaa && query.server == 0 ? .answer(.broken) : .answer(.address)
        }
        #expect(
            run.sequence.map { $0.dropFirst(4) } == ["A #0 @0 udp", "AAAA #0 @0 udp", "A #0 @1 udp", "AAAA #0 @1 udp"]
        )
        #expect(run.outcome == .found)
    }

    @Test("REFUSED ends the search but for the name as it is")
    func refusedRcode() throws {
        let run = try LookupSimulation.run("a.b", podSettings(.glibc, attempts: 1)) { query in
            .answer(query.step == 3 ? .address : .declined)
        }
        #expect(run.sequence == ["0.0 A #0 @0 udp", "0.0 AAAA #0 @0 udp", "0.0 A #3 @0 udp", "0.0 AAAA #3 @0 udp"])
        #expect(run.outcome == .found)
    }

    @Test("A lame referral counts as an error")
    func lame() throws {
        let run = try LookupSimulation.run("a.", podSettings(.glibc, servers: 2)) { query in
            .answer(query.server == 0 ? .lame : .address)
        }
        #expect(run.sequence.map { $0.suffix(6) } == ["@0 udp", "@0 udp", "@1 udp", "@1 udp"])
        #expect(run.outcome == .found)
    }

    @Test("Silence costs the timeout a server and attempt, then the search ends with the name as it is")
    func silence() throws {
        let run = try LookupSimulation.run("a.b", podSettings(.glibc)) { _ in .silence }
        #expect(
            run.sequence == [
                "0.0 A #0 @0 udp", "0.0 AAAA #0 @0 udp", "5.0 A #0 @0 udp", "5.0 AAAA #0 @0 udp",
                "10.0 A #3 @0 udp", "10.0 AAAA #3 @0 udp", "15.0 A #3 @0 udp", "15.0 AAAA #3 @0 udp",
            ]
        )
        #expect(run.end == 20)
        #expect(run.outcome == .failed)
        // The socket of a server lives until the name is done, so that repeats have the same source port.
        #expect(Set(run.sockets) == ["0.1", "0.2"])
    }

    @Test("With three servers the time is 5, 3 and 6 seconds")
    func schedule() throws {
        let run = try LookupSimulation.run("a.", podSettings(.glibc, servers: 3)) { _ in .silence }
        #expect(
            run.sequence.filter { $0.contains(" A ") } == [
                "0.0 A #0 @0 udp", "5.0 A #0 @1 udp", "8.0 A #0 @2 udp", "14.0 A #0 @0 udp", "19.0 A #0 @1 udp",
                "22.0 A #0 @2 udp",
            ]
        )
        #expect(run.end == 28)
    }

    @Test("The conntrack race: AAAA lost on the shared socket costs one timeout, then one by one")
    func race() throws {
        let run = try LookupSimulation.run("db.", podSettings(.glibc)) { query in
            query.number == 1 ? .silence : .answer(.address)
        }
        #expect(
            run.queries == [
                "0.0 A #0 @0 udp 0.1", "0.0 AAAA #0 @0 udp 0.1", "5.0 A #0 @0 udp 0.1", "5.0 AAAA #0 @0 udp 0.1",
            ]
        )
        #expect(run.end == 5)
        #expect(run.outcome == .found)
        #expect(run.causes == [.first, .first, .again, .again])
    }

    @Test("A type that is never answered costs three timeouts, the last with a socket of its own")
    func deafToOne() throws {
        let run = try LookupSimulation.run("db.", podSettings(.glibc)) { query in
            query.family == .aaaa ? .silence : .answer(.address)
        }
        #expect(
            run.queries == [
                "0.0 A #0 @0 udp 0.1", "0.0 AAAA #0 @0 udp 0.1", "5.0 A #0 @0 udp 0.1", "5.0 AAAA #0 @0 udp 0.1",
                "10.0 A #0 @0 udp 0.2", "10.0 AAAA #0 @0 udp 0.3",
            ]
        )
        #expect(run.end == 15)
        #expect(run.outcome == .found)
    }

    @Test("single-request asks AAAA once A is answered; an error for A goes to the next server at once")
    func singleRequest() throws {
        let settings = podSettings(.glibc, servers: 2, options: .singleRequest)
        let run = try LookupSimulation.run("db.", settings) { query in
            .answer(.address, after: query.family == .a ? 100_000_000 : 1_000_000)
        }
        #expect(run.queries == ["0.0 A #0 @0 udp 0.1", "0.1 AAAA #0 @0 udp 0.1"])
        let broken = try LookupSimulation.run("db.", settings) { query in
            .answer(query.server == 0 ? .broken : .address)
        }
        #expect(broken.sequence.map { $0.dropFirst(4) } == ["A #0 @0 udp", "A #0 @1 udp", "AAAA #0 @1 udp"])
    }

    @Test("single-request-reopen asks AAAA from another port")
    func singleRequestReopen() throws {
        let run = try LookupSimulation.run("db.", podSettings(.glibc, options: .singleRequestReopen)) { _ in
            .answer(.address)
        }
        #expect(run.queries == ["0.0 A #0 @0 udp 0.1", "0.0 AAAA #0 @0 udp 0.2"])
        #expect(run.outcome == .found)
    }

    @Test("no-aaaa asks for A alone")
    func noAAAA() throws {
        let run = try LookupSimulation.run("db", podSettings(.glibc, search: ["x"], options: .noAAAA)) { query in
            .answer(query.step == 1 ? .address : .nameless)
        }
        #expect(run.sequence == ["0.0 A #0 @0 udp", "0.0 A #1 @0 udp"])
    }

    @Test("A truncated answer has both types asked again over TCP, at the same server")
    func truncated() throws {
        let run = try LookupSimulation.run("db.", podSettings(.glibc, servers: 2)) { query in
            query.isTCP ? .answer(.address) : query.family == .a ? .answer(.cut) : .silence
        }
        #expect(
            run.queries == [
                "0.0 A #0 @0 udp 0.1", "0.0 AAAA #0 @0 udp 0.1", "0.0 A #0 @0 tcp 3.2", "0.0 AAAA #0 @0 tcp 3.2",
            ]
        )
        #expect(run.causes.suffix(2) == [.truncated, .truncated])
        #expect(run.outcome == .found)
    }

    @Test("A refused connection goes on over TCP with the next server, once each")
    func refusedOverTCP() throws {
        let run = try LookupSimulation.run("db", podSettings(.glibc, servers: 2, options: .useVC)) { _ in
            .fails(.refused)
        }
        // Nobody listens at all: the search ends with its first name.
        #expect(
            run.sequence.map { $0.dropFirst(4) } == ["A #0 @0 tcp", "AAAA #0 @0 tcp", "A #0 @1 tcp", "AAAA #0 @1 tcp"]
        )
        #expect(run.outcome == .failed)
    }

    @Test("One reset of a connection is forgiven")
    func reset() throws {
        let run = try LookupSimulation.run("db.", podSettings(.glibc, options: .useVC)) { query in
            query.number < 2 ? .fails(.reset) : .answer(.address)
        }
        #expect(run.sequence.count == 4)
        #expect(run.outcome == .found)
        let twice = try LookupSimulation.run("db.", podSettings(.glibc, options: .useVC)) { _ in .fails(.reset) }
        #expect(twice.sequence.count == 4)
        #expect(twice.outcome == .failed)
    }

    @Test("use-vc goes over TCP from the start, any rcode ends a name, and silence is borne for our patience only")
    func useVC() throws {
        let run = try LookupSimulation.run("db", podSettings(.glibc, search: ["x", "y"], options: .useVC)) { query in
            .answer(query.step == 0 ? .broken : query.step == 1 ? .nameless : .address)
        }
        #expect(run.sequence.allSatisfy { $0.hasSuffix("tcp") })
        #expect(run.sequence.count == 6)
        #expect(run.outcome == .found)
        let silent = try LookupSimulation.run("db", podSettings(.glibc, options: .useVC)) { _ in .silence }
        #expect(silent.end == 60)
        #expect(silent.outcome == .failed)
    }

    @Test("Connection refused over UDP is no time-out: the next server is asked at once")
    func refused() throws {
        let run = try LookupSimulation.run("db.", podSettings(.glibc, servers: 2)) { query in
            query.server == 0 ? .fails(.refused) : .answer(.address)
        }
        #expect(run.end == 0)
        #expect(run.sequence.map { $0.suffix(6) } == ["@0 udp", "@0 udp", "@1 udp", "@1 udp"])
    }

    @Test("When every server refuses, the search ends at its first name")
    func allRefuse() throws {
        let run = try LookupSimulation.run("a.b", podSettings(.glibc)) { _ in .fails(.refused) }
        #expect(run.sequence.allSatisfy { $0.contains("#0") })
        #expect(run.sequence.count == 4)
        #expect(run.outcome == .failed)
    }

    @Test("An answer that comes while another server is asked is read when the turn comes back")
    func lateAnswer() throws {
        let run = try LookupSimulation.run("db.", podSettings(.glibc, servers: 2, timeout: 2)) { query in
            query.server == 0 ? .answer(.address, after: 2_500_000_000) : .silence
        }
        // Server 0 until 2 s, server 1 for 2 << 1 / 2 = 2 s, then server 0 again: its answers wait in the socket.
        #expect(run.sequence.count == 6)
        #expect(run.end == 4)
        #expect(run.outcome == .found)
    }

    @Test("rotate lets the servers take turns, pair by pair")
    func rotate() throws {
        var process = ResolverProcess(firstTurn: 1)
        let settings = podSettings(.glibc, servers: 2, search: ["x"], options: .rotate)
        let run = try LookupSimulation.run("db", settings, process: &process) { query in
            .answer(query.step == 1 ? .address : .nameless)
        }
        #expect(run.sequence.map { $0.suffix(6) } == ["@1 udp", "@1 udp", "@0 udp", "@0 udp"])
    }

    @Test("With enough dots the name is tried as it is first, and its failure is the one that counts")
    func asIsFirst() throws {
        let run = try LookupSimulation.run("a.b", podSettings(.glibc, ndots: 1, search: ["x"], attempts: 1)) { query in
            .answer(query.step == 0 ? .nameless : .broken)
        }
        #expect(
            run.sequence.map { $0.dropFirst(4) } == ["A #0 @0 udp", "AAAA #0 @0 udp", "A #1 @0 udp", "AAAA #1 @0 udp"]
        )
        #expect(run.outcome == .notFound)
    }

    @Test("A name too long for a domain ends the search there without a query")
    func tooLong() throws {
        let long = (0..<4).map { _ in String(repeating: "x", count: 60) }.joined(separator: ".")
        let settings = podSettings(.glibc, search: [String(repeating: "y", count: 30), "z"])
        let run = try LookupSimulation.run(long, settings) { _ in .answer(.nameless) }
        #expect(run.sequence == ["0.0 A #2 @0 udp", "0.0 AAAA #2 @0 udp"])
        #expect(run.outcome == .notFound)
    }

    @Test("A name that is no host name costs nothing")
    func noHostName() throws {
        let run = try LookupSimulation.run("a*b", podSettings(.glibc)) { _ in .silence }
        #expect(run.queries.isEmpty)
        #expect(run.outcome == .notFound)
    }
}
