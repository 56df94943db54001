import DNSBench
import DNSWire
import LinuxNet
import Testing

@Suite("Answers held against what is expected of them", .serialized, .timeLimit(.minutes(2)))
struct VerificationTests {
    /// Answers each query with what `answer` makes of it.
    private func result(
        _ line: String,
        tier: VerificationTier = .answer,
        cookie: Bool = false,
        answer: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) async throws -> LoadResult {
        let socket = try UDPSocket(boundTo: Endpoint(address: .v4(0x7f00_0001), port: 0))
        let target = try socket.localEndpoint
        let descriptor = socket.release()
        let stop = StopFlag()
        let thread = try Threads.start(name: "liar") {
            let socket = UDPSocket(adopting: descriptor, family: .ipv4)
            while !stop.isRaised {
                guard let datagram = try? socket.receive(timeoutNanoseconds: 20_000_000) else { continue }
                try? socket.send(answer(datagram.bytes), to: datagram.info.source)
            }
        }
        defer {
            stop.raise()
            thread.join()
        }
        var options = QueryOptions()
        if cookie { options.clientCookie = QueryOptions.clientCookie(seed: 1, server: target) }
        let workload = try Workload.dataFile(Array(line.utf8), file: "q", options: options)
        let plan = LoadPlan(
            target: target,
            model: .closed(outstanding: 1),
            limit: .queries(5),
            timeoutNanoseconds: 1_000_000_000,
            connections: 1,
            verification: tier
        )
        let result = try await LoadEngine.run(plan, workload, stop: StopFlag())
        #expect(result.counters.addUp && result.counters.answered == 5)
        return result
    }

    /// An answer to `query` with records of its question.
    private static func reply(
        _ query: [UInt8],
        rcode: UInt8 = 0,
        ttl: UInt32 = 10,
        data: [[UInt8]],
        extra: [UInt8] = []
    )
        -> [UInt8]
    {
        // The question is all that these queries carry besides an OPT record, which is not repeated.
        var end = 12
        while query[end] != 0 { end += Int(query[end]) + 1 }
        var answer = Array(query[..<(end + 5)])
        answer[2] = 0x85
        answer[3] = 0x80 | rcode
        answer.replaceSubrange(6..<12, with: [0, UInt8(data.count), 0, 0, 0, extra.isEmpty ? 0 : 1])
        for octets in data {
            answer += [0xc0, 12] + query[(end + 1)..<(end + 5)]
            answer += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: ttl >> $0) } + [0, UInt8(octets.count)] + octets
        }
        return answer + extra
    }

    private static let line = "a.example A +ttl=1-30 +answer=10.0.0.1 +answer=10.0.0.2\n"

    @Test("An answer as expected has no fault, in whatever order its records stand")
    func healthy() async throws {
        let found = try await result(Self.line) { Self.reply($0, data: [[10, 0, 0, 2], [10, 0, 0, 1]]) }
        #expect(found.counters.checked == 5 && found.counters.faulty == 0 && found.faultExamples.isEmpty)
    }

    @Test("Each lie is found as its own kind and as nothing else")
    func lies() async throws {
        let both: [[UInt8]] = [[10, 0, 0, 1], [10, 0, 0, 2]]
        // What is wrong, how the server lies, where it is counted, and what the example says.
        let lies: [(String, @Sendable ([UInt8]) -> [UInt8], KeyPath<LoadCounters, UInt64>, String)] = [
            ("rcode", { Self.reply($0, rcode: 3, data: []) }, \.faultyRCode, "NXDOMAIN where NOERROR was expected"),
            ("ttl", { Self.reply($0, ttl: 31, data: both) }, \.faultyTTL, "TTL 31, 31 where 1 to 30 was expected"),
            (
                "one record short", { Self.reply($0, data: [both[0]]) }, \.faultyRecords,
                "10.0.0.1 where 10.0.0.1, 10.0.0.2 was expected"
            ),
            (
                "one record twice", { Self.reply($0, data: [both[0], both[0]]) }, \.faultyRecords,
                "10.0.0.1, 10.0.0.1 where"
            ),
            (
                "another record", { Self.reply($0, data: [both[0], [10, 0, 0, 3]]) }, \.faultyRecords,
                "10.0.0.1, 10.0.0.3 where"
            ),
            (
                "one record more", { Self.reply($0, data: both + [[10, 0, 0, 3]]) }, \.faultyRecords,
                "10.0.0.2, 10.0.0.3 where"
            ),
            ("cut", { Array(Self.reply($0, data: both).dropLast()) }, \.faultyStructure, "the answer cannot be read: "),
        ]
        for (name, lie, kind, words) in lies {
            let found = try await result(Self.line, answer: lie)
            #expect(found.counters[keyPath: kind] == 5 && found.counters.faulty == 5, "\(name): \(found.counters)")
            #expect(found.faultExamples.count == 5 && found.faultExamples[0].hasPrefix("a.example. A: "))
            #expect(found.faultExamples[0].contains(words), "\(name): \(found.faultExamples[0])")
            // Without the tier nobody looks.
            let unseen = try await result(Self.line, tier: .question, answer: lie)
            #expect(unseen.counters.checked == 0 && unseen.counters.faulty == 0)
        }
    }

    @Test("NODATA is expected by its word, and names in data are compared without case and compression")
    func kinds() async throws {
        let empty = try await result("a.example A +nodata\n") { Self.reply($0, data: []) }
        #expect(empty.counters.checked == 5 && empty.counters.faulty == 0)
        let full = try await result("a.example A +nodata\n") { Self.reply($0, data: [[10, 0, 0, 1]]) }
        #expect(full.counters.faultyRecords == 5)
        // "WWW" and a pointer to the question's name.
        let pointer: [UInt8] = [3, 0x57, 0x57, 0x57, 0xc0, 12]
        let name = try await result("a.example PTR +answer=www.a.example\n") { Self.reply($0, data: [pointer]) }
        #expect(name.counters.checked == 5 && name.counters.faulty == 0)
        // A pointer to itself ends.
        let loop = try await result("a.example PTR +answer=www.a.example\n") { query in
            var answer = Self.reply(query, data: [[0xc0, 0]])
            answer[answer.count - 1] = UInt8(answer.count - 2)
            return answer
        }
        #expect(loop.counters.faultyRecords == 5)
    }

    @Test("A client cookie must come back as it went out")
    func cookies() async throws {
        @Sendable func opt(_ octets: ArraySlice<UInt8>) -> [UInt8] {
            [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, UInt8(octets.count + 4), 0, 10, 0, UInt8(octets.count)] + octets
        }
        let echoed = try await result("a.example A\n", cookie: true) {
            Self.reply($0, data: [], extra: opt($0.suffix(8)))
        }
        #expect(echoed.counters.checked == 5 && echoed.counters.faulty == 0)
        let foreign = try await result("a.example A\n", cookie: true) { query in
            Self.reply(query, data: [], extra: opt([1, 2, 3, 4, 5, 6, 7, 8]))
        }
        #expect(foreign.counters.faultyCookie == 5)
    }

    @Test("The id alone is enough when no more is asked for")
    func idTier() async throws {
        let other: @Sendable ([UInt8]) -> [UInt8] = { query in
            var answer = Self.reply(query, data: [])
            answer[13] = 0x62
            return answer
        }
        let found = try await result("a.example A\n", tier: .id, answer: other)
        #expect(found.counters.answered == 5 && found.counters.mismatched == 0)
    }
}
