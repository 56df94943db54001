import DNSBench
import Measure
import Testing

@Suite("The search for the highest rate")
struct RateSearchTests {
    /// Runs a search against a server that `judge` stands for; the ending and the rates tried.
    private func search(
        maximum: Double = 1_000_000,
        judge: (_ rate: Double, _ isConfirming: Bool) -> RateTrial.Verdict
    ) -> (ending: RateSearch.Ending, rates: [Double]) {
        var search = RateSearch(maximum: maximum)
        var rates: [Double] = []
        while rates.count < 200 {
            switch search.next {
            case .end(let ending): return (ending, rates)
            case .trial(let rate, let isConfirming):
                rates.append(rate)
                search.take(judge(rate, isConfirming))
            }
        }
        Issue.record("the search does not end: \(rates.suffix(5))")
        return (.unstable, rates)
    }

    @Test(
        "A hard capacity is found within the width, and never overstated",
        arguments: [37.0, 950, 1_000, 12_345, 400_000]
    )
    func capacity(limit: Double) {
        let (ending, rates) = search { rate, _ in rate <= limit ? .met : .missed }
        guard case .found(let rate) = ending else { return #expect(Bool(false), "\(ending)") }
        #expect(rate <= limit && rate * RateSearch.width >= limit)
        #expect(rates.count < 50)
    }

    @Test("One trial that misses by chance is repeated and does not end the growth")
    func hiccup() {
        var hiccups = 1
        let (ending, rates) = search(maximum: 8_000) { rate, _ in
            if rate == 4_000, hiccups > 0 {
                hiccups -= 1
                return .missed
            }
            return .met
        }
        #expect(ending == .reachedMaximum(8_000) && rates == [1_000, 2_000, 4_000, 4_000, 8_000, 8_000])
    }

    @Test("A rate that holds for a short trial only is stepped down from")
    func shortLived() {
        // Short trials bear 20,000, long ones 15,000.
        let (ending, _) = search { rate, isConfirming in rate <= (isConfirming ? 15_000 : 20_000) ? .met : .missed }
        guard case .found(let rate) = ending else { return #expect(Bool(false), "\(ending)") }
        #expect(rate <= 15_000 && rate > 10_000)
    }

    @Test("A search ends also where nothing is certain", arguments: 1...20)
    func noise(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let (ending, rates) = search { rate, _ in
            // Near 50,000 the outcome is chance.
            let odds = min(1, max(0, (60_000 - rate) / 20_000))
            return generator.nextUnit() < odds ? .met : .missed
        }
        #expect(rates.count < 80)
        if case .found(let rate) = ending { #expect(rate < 60_000) }
    }

    @Test("The most that is allowed is confirmed and not passed")
    func maximum() {
        let (ending, rates) = search(maximum: 5_000) { _, _ in .met }
        #expect(ending == .reachedMaximum(5_000))
        #expect(rates == [1_000, 2_000, 4_000, 5_000, 5_000])
    }

    @Test("Where the generator is the limit, the search says so and blames no server")
    func generator() {
        let (ending, _) = search { rate, _ in rate <= 30_000 ? .met : .generator }
        guard case .limitedByGenerator(let rate) = ending else { return #expect(Bool(false), "\(ending)") }
        #expect(rate <= 30_000 && rate > 29_000)
        #expect(search { _, _ in .generator }.ending == .generatorTooSlow)
    }

    @Test("Where nothing holds, there is no rate")
    func nothing() {
        #expect(search { _, _ in .missed }.ending == .nothingMet)
        var bounded = RateSearch(first: 1_000, lowest: 100, maximum: 5_000)
        var rates: [Double] = []
        while case .trial(let rate, _) = bounded.next {
            rates.append(rate)
            bounded.take(.missed)
        }
        #expect(rates == [1_000, 1_000, 250, 250] && bounded.next == .end(.nothingMet))
        #expect(search { _, isConfirming in isConfirming ? .missed : .met }.ending == .unstable)
    }
}
