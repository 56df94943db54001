import Results

/// A made-up search for the highest rate: each goal is missed once, the generator is the limit once.
enum SearchFixture {
    static func make(target: String = "cache") -> FindMaxRecord {
        FindMaxRecord(
            target: target,
            goals: FindMaxRecord.Goals(loss: 0.001, p99Nanoseconds: 5_000_000, servfail: 0.002),
            bestQPS: 4_000,
            ending: "found",
            curve: [
                trial(1_000, p99: 400_000), trial(2_000, p99: 700_000), trial(4_000, p99: 1_900_000),
                trial(8_000, p99: 9_000_000, verdict: "missed", reason: "p99 of 9000000 ns is above 5000000 ns"),
                trial(8_000, loss: 0.2, p99: 4_800_000, verdict: "missed", reason: "loss 0.2 is above 0.001"),
                trial(5_656, p99: 2_500_000, servfail: 0.03, verdict: "missed", reason: "the share of SERVFAIL"),
                trial(4_756, p99: 2_200_000, verdict: "generator", reason: "17 queries were not sent"),
                trial(4_000, p99: 2_000_000, isConfirming: true),
            ]
        )
    }

    private static func trial(
        _ rate: Double,
        loss: Double = 0,
        p99: Int64,
        servfail: Double = 0,
        isConfirming: Bool = false,
        verdict: String = "met",
        reason: String? = nil
    ) -> FindMaxRecord.Trial {
        FindMaxRecord.Trial(
            offeredQPS: rate,
            achievedQPS: rate * (1 - loss),
            loss: loss,
            p50Nanoseconds: p99 / 5,
            p99Nanoseconds: p99,
            servfail: servfail,
            isConfirming: isConfirming,
            verdict: verdict,
            reason: reason
        )
    }
}
