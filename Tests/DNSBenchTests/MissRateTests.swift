import DNSBench
import DNSWire
import LinuxNet
import Synchronization
import Testing

@Suite("A set miss rate", .serialized, .timeLimit(.minutes(2)))
struct MissRateTests {
    private final class Names: Sendable {
        private let names = Mutex<[String]>([])
        func append(_ name: String) { names.withLock { $0.append(name) } }
        var all: [String] { names.withLock { $0 } }
    }

    /// What was asked, in order of arrival, when `answer` makes the answers.
    private func ask(
        share: Double,
        seed: UInt64,
        threads: Int = 1,
        segments: Bool = false,
        queries: UInt64 = 4_000,
        answer: @escaping @Sendable (inout [UInt8]) -> Void = { _ in }
    ) async throws -> (names: [String], result: LoadResult) {
        let socket = try UDPSocket(boundTo: Endpoint(address: .v4(0x7f00_0001), port: 0))
        try socket.setReceiveBuffer(bytes: 8 << 20)
        let target = try socket.localEndpoint
        let descriptor = socket.release()
        let stop = StopFlag()
        let names = Names()
        let thread = try Threads.start(name: "recorder") {
            let socket = UDPSocket(adopting: descriptor, family: .ipv4)
            while !stop.isRaised {
                guard let datagram = try? socket.receive(timeoutNanoseconds: 20_000_000) else { continue }
                if let message = try? Message(decoding: datagram.bytes), let question = message.questions.first {
                    names.append(question.name.description)
                }
                var bytes = datagram.bytes
                bytes[2] |= 0x80
                answer(&bytes)
                try? socket.send(bytes, to: datagram.info.source)
            }
        }
        defer {
            stop.raise()
            thread.join()
        }
        let workload = try Workload.queries(
            (0..<50).map { WorkloadQuery(name: try DNSName("host\($0).example."), type: .a) },
            popularity: .sequential,
            seed: seed,
            missShare: share
        )
        var plan = LoadPlan(
            target: target,
            model: .closed(outstanding: threads),
            limit: .queries(queries),
            timeoutNanoseconds: 300_000_000,
            connections: threads,
            threads: threads,
            seed: seed
        )
        plan.usesSegmentation = segments
        let result = try await LoadEngine.run(plan, workload, stop: StopFlag())
        #expect(result.counters.addUp)
        return (names.all, result)
    }

    @Test("The share arrives, each label once over both threads, and every answer is known", arguments: [false, true])
    func share(segments: Bool) async throws {
        let found = try await ask(share: 0.25, seed: 4, threads: 2, segments: segments)
        #expect(found.result.counters.answered == 4_000 && found.result.counters.mismatched == 0)
        let misses = found.names.filter { !$0.hasPrefix("host") }
        #expect(abs(misses.count - 1_000) < 150, "\(misses.count)")
        #expect(Set(misses).count == misses.count)
        #expect(misses.allSatisfy { $0.hasPrefix("m") && $0.split(separator: ".").count == 3 })
    }

    @Test("Equal seeds ask the same names in the same order, other seeds others")
    func seeds() async throws {
        let first = try await ask(share: 0.5, seed: 7).names
        #expect(first.count == 4_000)
        let second = try await ask(share: 0.5, seed: 7).names
        #expect(first == second)
        let other = try await ask(share: 0.5, seed: 8).names
        #expect(Set(first.filter { $0.hasPrefix("m") }).isDisjoint(with: other))
    }

    @Test("An answer with another label answers nothing, one in another case does")
    func otherLabel() async throws {
        let wrong = try await ask(share: 1, seed: 1, queries: 5) { bytes in bytes[20] = bytes[20] == 0x61 ? 0x62 : 0x61
        }
        #expect(wrong.result.counters.mismatched == wrong.result.counters.sent && wrong.result.counters.answered == 0)
        let upper = try await ask(share: 1, seed: 1) { bytes in
            for index in 13..<27 where bytes[index] >= 0x61 { bytes[index] &= 0xdf }
        }
        #expect(upper.result.counters.answered == 4_000 && upper.result.counters.mismatched == 0)
    }

    @Test("No share, no label")
    func none() async throws {
        let found = try await ask(share: 0, seed: 1)
        #expect(found.names.allSatisfy { $0.hasPrefix("host") } && found.result.counters.answered == 4_000)
    }
}
