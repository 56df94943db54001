import DNSWire
import LinuxNet
import Testing

@testable import Conformance

@Suite("Steps of a check")
struct CheckStepTests {
    @Test("Connections that play a script together are all open until the last is answered")
    func crowd() async throws {
        let steps = "[{tcp: {connections: 20, send: [{query: {name: 'n{{i}}', count: 2}}], timeout: 2s}, save: a}]"
        let expect =
            "[{tag: T, assert: ['a.connections == 20', 'a.queries == 40', 'a.matched == 40', 'a.id is unique']}]"
        let parallel = try Bench(isConcurrent: true) { query, _, _ in FakeServer.answer(query) }
        let outcome = try await parallel.outcome(check(steps: steps, expect: expect))
        #expect(outcome.status == .pass, "\(outcome.actual)")
        #expect(Set(parallel.server.messages).count == 40)
        // A server that serves one connection at a time answers the first alone.
        let serial = try Bench { query, _, _ in FakeServer.answer(query) }
        let first = "[{tag: T, assert: ['a.connections == 20', 'a.queries == 40', 'a.matched == 2']}]"
        #expect(try await serial.outcome(check(steps: steps, expect: first)).status == .pass)
    }

    @Test("What happens beside a session sees other connections, and a session counts the segments of its first answer")
    func beside() async throws {
        let steps = """
            [{tcp: {send: [{octets: ffff00}], until_close: true, timeout: 1s}, meanwhile: [{wait: 50ms},
            {query: {name: a}, save: a}, {query: {name: b, transport: tcp, tries: 1}, save: b},
            {tcp: {send: [{query: {name: c}}]}, save: c}], save: s}]
            """
        let expect = """
            [{tag: T, assert: [s.connected == true, s.closed == false, a.answered == true, b.answered == true, c.segments == 1,
            s.connections == 1, "last(c.sent_at) - a.sent_at < 900ms", "b.sent.id != a.sent.id"]}]
            """
        let parallel = try Bench(isConcurrent: true) { query, _, _ in FakeServer.answer(query) }
        let outcome = try await parallel.outcome(check(steps: steps, expect: expect))
        #expect(outcome.status == .pass, "\(outcome.actual)")
        #expect(outcome.evidence.count == 3)
        // Held up by the one that stalls.
        let serial = try Bench { query, _, _ in FakeServer.answer(query) }
        let held = "[{tag: T, assert: [a.answered == true, s.connected == true, c.frames == 0, b.answered == false]}]"
        let short = steps.replacing("tries: 1", with: "timeout: 300ms").replacing(
            "name: c}}]",
            with: "name: c}}], timeout: 300ms"
        )
        let slow = try await serial.outcome(check(steps: short, expect: held))
        #expect(slow.status == .pass, "\(slow.actual)")
    }

    @Test("TCP scripts split, pipeline, and see the server close")
    func streams() async throws {
        let steps = """
            [{tcp: {send: [{query: {name: a, split: [1, 6], delay: 5ms}}, {query: {name: b, count: 3}}]}, save: a},
            {tcp: {send: [{octets: "000b"}, {octets: "{{00*11}}"}, {query: {name: c}}], until_close: true}, save: b}]
            """
        let bench = try Bench { query, _, _ in
            query.count < 12 ? .ignore : query.count == 19 && query[13] == 0x63 ? .close : FakeServer.answer(query)
        }
        let outcome = try await bench.outcome(
            check(
                steps: steps,
                expect: """
                    [{tag: T, assert: [a.connected == true, a.queries == 4, a.matched == 4, a.frames == 4, a.in_order == true,
                    a.closed == false, "each a.rcode == NOERROR", b.closed == true, b.matched == 0, b.closed_after < 2s]}]
                    """
            )
        )
        #expect(outcome.status == .pass, "\(outcome.actual)")
    }

    @Test("A frame that answers nothing ends no wait for the answer that is asked for")
    func strayFrame() async throws {
        let bench = try Bench { query, _, _ in
            guard query.count < 12 else {
                Clock.sleep(untilMonotonic: Clock.monotonicNanoseconds() + 30_000_000)
                return FakeServer.answer(query)
            }
            return .answer([0x01, 0x02, 0x80, 0x01] + [UInt8](repeating: 0, count: 8))
        }
        let outcome = try await bench.outcome(
            check(
                steps: "[{tcp: {send: [{octets: '00050102030405'}, {query: {name: a}}]}, save: a}]",
                expect: "[{tag: T, assert: [a.frames == 2, a.matched == 1]}]"
            )
        )
        #expect(outcome.status == .pass, "\(outcome.actual)")
    }

    @Test("A burst shares one socket, and only what is unanswered is sent again")
    func burst() async throws {
        let bench = try Bench { query, _, index in index == 1 ? .ignore : FakeServer.answer(query) }
        let outcome = try await bench.outcome(
            check(
                steps: "[{burst: {queries: [{name: a, id: 1}, {name: a, type: AAAA, id: 2}], timeout: 50ms}, save: a}]",
                expect: "[{tag: T, assert: ['each a.answered == true', 'a.id == [1, 2]', 'a.sent.type == [A, AAAA]']}]"
            )
        )
        #expect(outcome.status == .pass, "\(outcome.actual)")
        #expect(bench.server.messages.map { $0[1] } == [1, 2, 2])
    }

    @Test("Queries go over a list, and an unconnected socket tells where the answer came from")
    func list() async throws {
        let bench = try Bench { query, _, _ in FakeServer.answer(query) }
        let outcome = try await bench.outcome(
            check(
                steps: """
                    [{queries: {name: "n{{i}}.", type: "{{item}}", over: [A, TYPE1000], unconnected: true}, save: a}]
                    """,
                expect: """
                    [{tag: T, assert: ["a.sent.type == [A, TYPE1000]", "a.from == a.to", "a.from is uniform",
                    "a.sent.name == [\\"n0.\\", \\"n1.\\"]"]}]
                    """
            )
        )
        #expect(outcome.status == .pass, "\(outcome.actual)")
    }

    @Test("Polls keep their pace and end on a condition")
    func poll() async throws {
        let bench = try Bench { query, _, index in FakeServer.answer(query, ttl: UInt32(30 - index)) }
        let outcome = try await bench.outcome(
            check(
                steps: """
                    [{query: {name: a}, save: a}, {poll: {name: a, every: 10ms, until: "a + 5s", stop: "this.answer.ttl.max <= 26"}, save: p},
                    {queries: {name: "n{{i}}.", count: 5, parallel: 2}, save: q}]
                    """,
                expect: """
                    [{tag: T, assert: ["p.answer.ttl.max == [29, 28, 27, 26]", "p.received_at is increasing",
                    "q.sent.name == [\\"n0.\\", \\"n1.\\", \\"n2.\\", \\"n3.\\", \\"n4.\\"]", a precedes last(p)]}]
                    """
            )
        )
        #expect(outcome.status == .pass, "\(outcome.actual)")
    }
}
