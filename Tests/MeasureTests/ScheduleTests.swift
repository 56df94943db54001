import Testing

@testable import Measure

@Suite("Arrival schedule and seeded randomness")
struct ScheduleTests {
    private func times(
        _ profile: RateProfile,
        _ spacing: ArrivalSchedule.Spacing = .constant,
        lanes: Int = 1,
        limit: Int64 = .max,
        seed: UInt64 = 3
    ) -> [Int64] {
        var all: [Int64] = []
        for lane in 0..<lanes {
            var schedule = ArrivalSchedule(
                profile: profile,
                spacing: spacing,
                startNanoseconds: 0,
                lane: lane,
                lanes: lanes,
                generator: SeededGenerator(seed: seed, stream: UInt64(lane))
            )
            var previous: Int64 = 0
            while let time = schedule.next(), time < limit {
                #expect(time >= previous)
                previous = time
                all.append(time)
            }
        }
        return all.sorted()
    }

    @Test("constant arrivals do not drift: the millionth stands where its number says")
    func constant() throws {
        var schedule = ArrivalSchedule(
            profile: .constant(perSecond: 3_000),
            startNanoseconds: 5,
            generator: SeededGenerator(seed: 1)
        )
        var last: Int64? = 0
        for _ in 0...3_000_000 { last = schedule.next() }
        #expect(last == 1_000_000_000_005)
    }

    @Test("rate times duration is the number of arrivals, to the last one", arguments: [1, 3, 7, 100, 900, 12_345.678])
    func counts(rate: Double) {
        let profile = RateProfile.constant(perSecond: rate)
        for seconds in [1, 2, 3, 10] as [Int64] {
            let found = times(profile, lanes: 3, limit: seconds * 1_000_000_000)
            #expect(found.count == Int((rate * Double(seconds)).rounded(.up)))
            #expect(profile.count(within: seconds * 1_000_000_000) == UInt64(found.count))
        }
    }

    @Test("lanes that share a rate keep equal gaps together")
    func phases() throws {
        let found = times(.constant(perSecond: 1_000), lanes: 4, limit: 40_000_000)
        #expect(found == (0..<40).map { Int64($0) * 1_000_000 })
    }

    @Test("Poisson arrivals have the mean gap and its variance")
    func poisson() throws {
        let found = times(.constant(perSecond: 10_000), .poisson, limit: 10_000_000_000)
        let gaps = zip(found, found.dropFirst()).map { Double($1 - $0) }
        let mean = gaps.reduce(0, +) / Double(gaps.count)
        let variance = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)
        #expect(abs(mean - 100_000) < 1_500)
        #expect(abs(variance.squareRoot() - 100_000) < 2_500)
        #expect(found != times(.constant(perSecond: 10_000), .poisson, limit: 10_000_000_000, seed: 4))
    }

    @Test("a ramp holds as many arrivals as the area under it, and each stands where the area says", arguments: [1, 3])
    func ramp(lanes: Int) throws {
        let stages = [
            RateStage(fromPerSecond: 0, toPerSecond: 2_000, durationNanoseconds: 2_000_000_000),
            RateStage(fromPerSecond: 500, toPerSecond: 500, durationNanoseconds: 1_000_000_000),
            RateStage(fromPerSecond: 500, toPerSecond: 100, durationNanoseconds: 1_000_000_000),
        ]
        let profile = RateProfile.stages(stages)
        let found = times(profile, lanes: lanes)
        #expect(found.count == 2_000 + 500 + 300)
        #expect(profile.count(within: 4_000_000_000) == 2_800 && profile.durationNanoseconds == 4_000_000_000)
        // At a slope of 1,000 a second in a second, arrival n is due after sqrt(n / 500) seconds.
        for number in [1, 50, 500, 1_999] {
            #expect(abs(Double(found[number]) - (Double(number) / 500).squareRoot() * 1e9) < 2)
        }
        #expect(found[2_000] == 2_000_000_000 && found[2_001] == 2_002_000_000)
        #expect(found[2_799] < 4_000_000_000)
        #expect(profile.count(within: 1_000_000_000) == UInt64(found.filter { $0 < 1_000_000_000 }.count))
        #expect(profile.peakPerSecond == 2_000 && profile.meanPerSecond(within: 4_000_000_000) == 700)
    }

    @Test("Poisson arrivals follow a ramp")
    func poissonRamp() {
        let ramp = RateStage(fromPerSecond: 0, toPerSecond: 20_000, durationNanoseconds: 4_000_000_000)
        let found = times(.stages([ramp]), .poisson, lanes: 2)
        #expect(abs(found.count - 40_000) < 1_000)
        // A quarter of the area lies in the first half of a ramp from nothing.
        let early = found.filter { $0 < 2_000_000_000 }.count
        #expect(abs(Double(early) / Double(found.count) - 0.25) < 0.02)
    }

    @Test("bursts come whole at each tick, whatever the lanes", arguments: [1, 3])
    func bursts(lanes: Int) {
        let profile = RateProfile.bursts(size: 10, everyNanoseconds: 50_000_000)
        let found = times(profile, .poisson, lanes: lanes, limit: 120_000_000)
        #expect(found == [0, 50_000_000, 100_000_000].flatMap { tick in (0..<10).map { _ in Int64(tick) } })
        #expect(profile.count(within: 120_000_000) == 30 && profile.count(within: 100_000_000) == 20)
        #expect(profile.peakPerSecond == 200)
    }

    @Test("given times are kept and end, and such as go back are refused")
    func timeline() throws {
        #expect(Timeline([0, 5, 4]) == nil && Timeline([-1]) == nil)
        let timeline = try #require(Timeline([0, 5, 5, 9_000]))
        #expect(times(.timeline(timeline), lanes: 2) == [0, 5, 5, 9_000])
        #expect(RateProfile.timeline(timeline).count(within: 6) == 3)
        #expect(RateProfile.timeline(timeline).durationNanoseconds == 9_001)
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
