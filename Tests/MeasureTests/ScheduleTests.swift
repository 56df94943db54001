import Testing

@testable import Measure

@Suite("Arrival schedule and seeded randomness")
struct ScheduleTests {
    @Test("constant arrivals do not drift: the millionth stands where its number says")
    func constant() throws {
        var schedule = try #require(
            ArrivalSchedule(
                spacing: .constant,
                ratePerSecond: 3_000,
                startNanoseconds: 5,
                generator: SeededGenerator(seed: 1)
            )
        )
        var last: Int64 = 0
        for _ in 0...3_000_000 { last = schedule.next() }
        #expect(last == 1_000_000_000_005)
    }

    @Test("lanes that share a rate keep equal gaps together")
    func phases() throws {
        var times: [Int64] = []
        for lane in 0..<4 {
            var schedule = try #require(
                ArrivalSchedule(
                    spacing: .constant,
                    ratePerSecond: 250,
                    startNanoseconds: 0,
                    phase: Double(lane) / 4,
                    generator: SeededGenerator(seed: 1)
                )
            )
            for _ in 0..<10 { times.append(schedule.next()) }
        }
        #expect(times.sorted() == (0..<40).map { Int64($0) * 1_000_000 })
    }

    @Test("Poisson arrivals have the mean gap and its variance, and never go back")
    func poisson() throws {
        var schedule = try #require(
            ArrivalSchedule(
                spacing: .poisson,
                ratePerSecond: 10_000,
                startNanoseconds: 0,
                generator: SeededGenerator(seed: 3)
            )
        )
        var previous: Int64 = 0
        var gaps: [Double] = []
        for _ in 0..<100_000 {
            let time = schedule.next()
            #expect(time >= previous)
            gaps.append(Double(time - previous))
            previous = time
        }
        let mean = gaps.reduce(0, +) / Double(gaps.count)
        let variance = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)
        #expect(abs(mean - 100_000) < 1_500)
        #expect(abs(variance.squareRoot() - 100_000) < 2_500)
    }

    @Test("a rate that is no rate is refused", arguments: [0, -1, .nan, .infinity, 2e9])
    func badRates(rate: Double) {
        let generator = SeededGenerator(seed: 1)
        #expect(
            ArrivalSchedule(spacing: .constant, ratePerSecond: rate, startNanoseconds: 0, generator: generator) == nil
        )
    }

    @Test("equal seeds repeat, other seeds and streams do not")
    func seeds() {
        func draw(_ generator: SeededGenerator) -> [UInt64] {
            var generator = generator
            return (0..<8).map { _ in generator.next() }
        }
        #expect(draw(SeededGenerator(seed: 1)) == draw(SeededGenerator(seed: 1)))
        #expect(draw(SeededGenerator(seed: 1)) != draw(SeededGenerator(seed: 2)))
        #expect(draw(SeededGenerator(seed: 1, stream: 0)) != draw(SeededGenerator(seed: 1, stream: 1)))
    }

    @Test("the generator is xoshiro256** behind SplitMix64")
    func reference() {
        // From prng.di.unimi.it's C code, seeded with SplitMix64(0).
        var generator = SeededGenerator(seed: 0)
        #expect(generator.next() == 0x99EC_5F36_CB75_F2B4)
        #expect(generator.next() == 0xBF6E_1F78_4956_452A)
    }

    @Test("each block of two pairs holds AB and BA, and the seed decides which comes first")
    func interleaving() {
        let order = InterleavingOrder.schedule(pairs: 12, seed: 4)
        #expect(order.count == 12)
        for block in stride(from: 0, to: 12, by: 2) {
            #expect(Set(order[block...(block + 1)]) == [.ab, .ba])
        }
        #expect(order == InterleavingOrder.schedule(pairs: 12, seed: 4))
        #expect((0..<20).contains { InterleavingOrder.schedule(pairs: 12, seed: $0) != order })
        #expect(InterleavingOrder.schedule(pairs: 0, seed: 1).isEmpty)
    }
}
