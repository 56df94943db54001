import DNSWire
import Measure
import Testing

@testable import DNSBench

@Suite("Judging answers")
struct AnswerJudgeTests {
    /// A table with one query in flight, and an answer to it.
    private struct Exchange: ~Copyable {
        let slab: QuerySlab
        var table = InFlightTable(seed: 4, order: .scattered)
        var answer: [UInt8]

        init() throws {
            slab = try Workload.queries([WorkloadQuery(name: try DNSName("Abc.example"), type: .a)], seed: 0).slab
            let id = table.takeID() ?? 0
            table.insert(id, query: 0, intended: 1, sent: 2)
            answer = slab.message(0)
            answer[0] = UInt8(id >> 8)
            answer[1] = UInt8(truncatingIfNeeded: id)
            answer[2] |= 0x80
        }

        func judge(_ message: [UInt8]) -> String {
            message.withUnsafeBytes { bytes in
                switch AnswerJudge.judge(bytes, table: table, slab: slab) {
                case .answer(_, let flags): "answer \(flags & 15)"
                case .late: "late"
                case .mismatched: "mismatched"
                case .malformed: "malformed"
                }
            }
        }
    }

    @Test("An answer cut at any octet is no answer, and never read beyond its end")
    func truncation() throws {
        let exchange = try Exchange()
        for length in 0..<exchange.answer.count {
            let verdict = exchange.judge(Array(exchange.answer[..<length]))
            #expect(verdict == (length < 12 ? "malformed" : "mismatched"), "\(length) octets")
        }
        let whole = exchange.judge(exchange.answer)
        #expect(whole == "answer 0")
    }

    @Test("A question that differs in case alone is ours; one that differs in any other octet is not")
    func question() throws {
        let exchange = try Exchange()
        for index in 12..<exchange.answer.count {
            var other = exchange.answer
            other[index] ^= 0x20
            let isLetter = (0x41...0x5a).contains(other[index]) || (0x61...0x7a).contains(other[index])
            let inName = index < exchange.answer.count - 4
            let verdict = exchange.judge(other)
            #expect(verdict == (isLetter && inName ? "answer 0" : "mismatched"), "octet \(index)")
        }
    }

    @Test("An answer with two questions is not ours")
    func twoQuestions() throws {
        var exchange = try Exchange()
        exchange.answer[5] = 2
        let verdict = exchange.judge(exchange.answer)
        #expect(verdict == "mismatched")
    }

    @Test("An id that rests after its timeout makes its answer late")
    func late() throws {
        var exchange = try Exchange()
        _ = exchange.table.popExpired(sentAtOrBefore: 2)
        let verdict = exchange.judge(exchange.answer)
        #expect(verdict == "late")
    }

    @Test("Damaged answers are judged without harm")
    func mutation() throws {
        let exchange = try Exchange()
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<20_000 {
            var message = exchange.answer
            for _ in 0...Int.random(in: 0...3, using: &generator) {
                message[Int.random(in: 0..<message.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            let cut = Int.random(in: 0...message.count, using: &generator)
            _ = exchange.judge(Array(message[..<cut]))
        }
    }
}
