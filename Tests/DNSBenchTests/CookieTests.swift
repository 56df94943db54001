import DNSWire
import LinuxNet
import Measure
import Testing

@testable import DNSBench

@Suite("Cookies of the server", .serialized, .timeLimit(.minutes(2)))
struct CookieTests {
    private func run(
        _ rule: CookieRule,
        queries: UInt64 = 400,
        truncates: Bool = false,
        missShare: Double = 0,
        change: (inout LoadPlan) -> Void = { _ in }
    ) async throws -> LoadResult {
        let responder = try Responder(Misbehaviour(truncates: truncates, cookie: rule))
        defer { responder.finish() }
        var options = QueryOptions()
        options.ednsOptions = [EDNSOption(code: 3, octets: [])]
        options.clientCookie = QueryOptions.clientCookie(seed: 5, server: responder.udp)
        let workload = try Workload.queries(
            (0..<50).map { WorkloadQuery(name: try DNSName("host\($0 * $0 * $0).example."), type: .a) },
            popularity: .sequential,
            seed: 1,
            options: options,
            missShare: missShare
        )
        var plan = LoadPlan(
            target: responder.udp,
            model: .closed(outstanding: 4),
            limit: .queries(queries),
            connections: 4,
            sources: SourceRange(prefixes: [try #require(AddressPrefix("127.9.0.0/30"))]),
            verification: .answer
        )
        change(&plan)
        let result = try await LoadEngine.run(plan, workload, stop: StopFlag())
        #expect(result.counters.addUp && result.counters.answered == queries, "\(result.counters)")
        return result
    }

    @Test(
        "Each socket's first query is answered BADCOOKIE, and all later ones have the cookie of their address",
        arguments: [LoadTransport.udp, .tcp],
        [8, 16, 32]
    )
    func echoed(transport: LoadTransport, length: Int) async throws {
        let result = try await run(CookieRule(length: length)) { $0.transport = transport }
        #expect(result.rcodes == [.badCookie: 4, .noError: 396])
        #expect(result.counters.checked == 400 && result.counters.faulty == 0)
    }

    @Test("A cookie that the server no longer takes is replaced by the one that BADCOOKIE brings")
    func renewed() async throws {
        let result = try await run(CookieRule(changesEvery: 100)) { plan in
            plan.model = .closed(outstanding: 1)
            plan.connections = 1
        }
        #expect(result.rcodes == [.badCookie: 4, .noError: 396])
    }

    @Test(
        "A cookie of a length that none has is never sent back, and each answer with it is a wrong one",
        arguments: [7, 33]
    )
    func impossible(length: Int) async throws {
        let result = try await run(CookieRule(length: length), queries: 40)
        #expect(result.rcodes == [.badCookie: 40])
        #expect(result.counters.faultyCookie == 40 && result.counters.faulty == 40)
    }

    @Test("What comes with another client cookie is never sent back, and each answer with it is a wrong one")
    func foreign() async throws {
        let result = try await run(CookieRule(isForeign: true), queries: 40)
        #expect(result.rcodes == [.badCookie: 40])
        #expect(result.counters.faultyCookie == 40 && result.counters.faulty == 40)
        #expect(
            result.faultExamples.first?.hasSuffix("a cookie that is not the query's, or of a length that none has")
                == true
        )
    }

    @Test("Labels of their own and packets of many segments have room for it")
    func segments() async throws {
        let result = try await run(CookieRule(length: 32), queries: 8_000, missShare: 0.5) { plan in
            plan.usesSegmentation = true
            plan.model = .closed(outstanding: 200)
        }
        // Whatever is in flight when a socket gets its cookie went out without.
        let refused = try #require(result.rcodes[.badCookie])
        #expect(refused >= 4 && refused <= 200)
        #expect(result.rcodes == [.badCookie: refused, .noError: 8_000 - refused])
    }

    @Test("The question that is asked again over TCP has the cookie that came with the truncated answer")
    func retried() async throws {
        let result = try await run(CookieRule(), queries: 40, truncates: true) { $0.retriesTruncated = true }
        #expect(result.counters.retriedOverTCP == 40)
        #expect(result.rcodes == [.noError: 40])
    }

    @Test("The retry over TCP counts BADCOOKIE by its whole rcode")
    func retriedInVain() async throws {
        let result = try await run(CookieRule(length: 7), queries: 40, truncates: true) { $0.retriesTruncated = true }
        #expect(result.rcodes == [.badCookie: 40])
    }

    @Test("A line's own cookie beside that of all queries is refused, and stands by itself")
    func own() throws {
        let line = Array("a.example A +opt=10:0102030405060708\n".utf8)
        var options = QueryOptions()
        #expect(throws: Never.self) { try Workload.dataFile(line, file: "q", options: options) }
        options.clientCookie = 1
        let error = #expect(throws: DataFileError.self) { try Workload.dataFile(line, file: "q", options: options) }
        #expect(error?.description == "q:1: +opt=10:0102030405060708 is a second cookie beside that of --cookie")
    }

    /// An answer with an option before the cookie, behind an answer record and an authority record with names.
    private static let answer: [UInt8] = [
        0, 1, 0x81, 0x87, 0, 1, 0, 1, 0, 1, 0, 1,  // header: QR, RD, rcode 7; one record in each section
        1, 0x61, 0, 0, 1, 0, 1,  // a. A IN
        0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 30, 0, 4, 10, 0, 0, 1,  // a. A 10.0.0.1
        0, 0, 2, 0, 1, 0, 0, 0, 30, 0, 2, 0xc0, 12,  // . NS a.
        0, 0, 41, 4, 208, 1, 0, 0, 0, 0, 24,  // OPT, 24 octets, upper bits of the rcode 1
        0, 3, 0, 0,  // NSID
        0, 10, 0, 16, 1, 2, 3, 4, 5, 6, 7, 8, 21, 22, 23, 24, 25, 26, 27, 28,  // COOKIE, both parts
    ]
    private static let client: UInt64 = 0x0102_0304_0506_0708

    @Test("The cookie is found behind other records and options, and nowhere in an answer that is cut")
    func found() {
        let count = Self.answer.count
        Self.answer.withUnsafeBytes { bytes in
            let found = AnswerCookie.find(in: bytes, client: Self.client)
            #expect(found.cookie == .echoed(server: (count - 8)..<count) && found.isBadCookie)
            #expect(AnswerCookie.find(in: bytes, client: 1).cookie == .foreign)
            for length in 0..<count {
                let cut = UnsafeRawBufferPointer(rebasing: bytes[..<length])
                #expect(AnswerCookie.find(in: cut, client: Self.client).cookie == .absent, "\(length) octets")
            }
        }
    }

    @Test("Damaged answers bring no cookie that lies outside of them")
    func damaged() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<20_000 {
            var message = Self.answer
            for _ in 0...Int.random(in: 0...3, using: &generator) {
                message[Int.random(in: 0..<message.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            message.withUnsafeBytes { bytes in
                guard case .echoed(let server) = AnswerCookie.find(in: bytes, client: Self.client).cookie else {
                    return
                }
                #expect(server.upperBound <= bytes.count && (server.isEmpty || (8...32).contains(server.count)))
            }
        }
    }
}
