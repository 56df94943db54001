import Foundation
import Testing

@testable import Measure

/// The shipped rules on simulated machines: `NLDNS_SIMULATION` is the number of runs of each claim (400 if not set).
///
/// As in a run of `nldns ab`, p50 and p99 are gated together, share Holm's correction, and are looked at as the design
/// says. Only one of both is slowed down at a time, which is the harder case.
@Suite("Simulated comparisons")
struct ComparisonSimulationTests {
    private static var environment: [String: String] { ProcessInfo.processInfo.environment }
    private static let runs = Int(environment["NLDNS_SIMULATION"] ?? "") ?? 400
    private static let seed = UInt64(environment["NLDNS_SIMULATION_SEED"] ?? "") ?? 20_251_127

    /// A course of looks.
    struct Course: Sendable, CustomTestStringConvertible {
        let pairs: Int
        let maximum: Int
        var testDescription: String { pairs == maximum ? "\(pairs) pairs" : "\(pairs) to \(maximum) pairs" }
    }

    /// What one run found.
    private static func run(
        _ models: [ComparisonMetric: NoiseModel],
        slowed: ComparisonMetric?,
        _ course: Course,
        seed: UInt64
    ) -> [ComparisonMetric: ComparisonVerdict] {
        let design = PairedDesign(pairs: course.pairs, maximumPairs: course.maximum)
        let metrics = models.keys.sorted { $0.rawValue < $1.rawValue }
        let pairs = metrics.enumerated().map { place, metric in
            (models[metric] ?? .quiet).pairs(
                design.maximumPairs,
                factor: metric == slowed ? 1.2 : 1,
                seed: seed &* 2 &+ UInt64(place)
            )
        }
        var found: [MetricComparison] = []
        for look in design.looks {
            found = PairedComparison.compare(
                zip(metrics, pairs).map { .paired($0, Array($1.prefix(look.pairs))) },
                level: look.level
            )
            if PairedDesign.isDecided(found) { break }
        }
        return Dictionary(uniqueKeysWithValues: zip(metrics, found.map(\.verdict)))
    }

    /// The share of runs in which `metric` came out as `verdict`.
    private static func share(
        of verdict: ComparisonVerdict,
        _ metric: ComparisonMetric,
        slowed: ComparisonMetric?,
        _ models: [ComparisonMetric: NoiseModel],
        _ course: Course
    ) -> Double {
        let seeds = (0..<runs).map { seed &+ UInt64($0) &* 7_919 }
        let hits = seeds.filter { run(models, slowed: slowed, course, seed: $0)[metric] == verdict }.count
        let share = Double(hits) / Double(runs)
        let noise = models[metric]?.name ?? ""
        print(
            "simulation: \(noise), \(course.testDescription), \(slowed == nil ? "A/A" : "+20 %"): \(metric.rawValue)"
                + " \(verdict.rawValue) in \(share * 100) % of \(runs) runs, seed \(seed)"
        )
        return share
    }

    private static let noisy: [ComparisonMetric: NoiseModel] = [.p50: .medianInCI, .p99: .tailInCI]
    private static let still: [ComparisonMetric: NoiseModel] = [.p50: .quiet, .p99: .quiet]

    /// What chance alone may add to a share at so many runs: three standard errors.
    private static func slack(_ share: Double) -> Double { 3 * (share * (1 - share) / Double(runs)).squareRoot() }

    @Test(
        "identical servers raise an alarm in 1 % of runs at most on p50 and 2 % on p99",
        arguments: [Course(pairs: 12, maximum: 12), Course(pairs: 20, maximum: 20), Course(pairs: 12, maximum: 20)]
    )
    func falseAlarms(course: Course) {
        for models in [Self.noisy, Self.still] {
            #expect(
                Self.share(of: .regressed, .p50, slowed: nil, models, course) <= 0.01 + Self.slack(0.01)
            )
            #expect(
                Self.share(of: .regressed, .p99, slowed: nil, models, course) <= 0.02 + Self.slack(0.02)
            )
        }
    }

    @Test(
        "a slowdown of 20 % at p50 is found in 95 % of runs",
        arguments: [Course(pairs: 12, maximum: 12), Course(pairs: 12, maximum: 20)]
    )
    func median(course: Course) {
        for models in [Self.noisy, Self.still] {
            #expect(Self.share(of: .regressed, .p50, slowed: .p50, models, course) >= 0.95 - Self.slack(0.95))
        }
    }

    @Test(
        "a slowdown of 20 % at p99 is found in 90 % of runs",
        arguments: [Course(pairs: 20, maximum: 20), Course(pairs: 12, maximum: 20)]
    )
    func tail(course: Course) {
        for models in [Self.noisy, Self.still] {
            #expect(Self.share(of: .regressed, .p99, slowed: .p99, models, course) >= 0.90 - Self.slack(0.90))
        }
    }
}
