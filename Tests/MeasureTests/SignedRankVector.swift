/// One set of paired differences with what scipy 1.17 makes of it.
///
/// `estimate` is numpy's median of the Walsh averages, `p` is `scipy.stats.wilcoxon(d, method="exact")`; with ties or
/// zeros, where scipy has no exact method, all sign patterns were enumerated over `scipy.stats.rankdata`.
struct SignedRankVector: Sendable {
    let differences: [Double]
    let estimate: Double
    let lower: Double
    let upper: Double
    let confidence: Double
    let p: Double

    static let all: [SignedRankVector] = [
        SignedRankVector(
            differences: [0.0589],
            estimate: 0.0589,
            lower: 0.0589,
            upper: 0.0589,
            confidence: 0.0,
            p: 1.0
        ),
        SignedRankVector(
            differences: [0.0282, 0.095, -0.099],
            estimate: 0.013099999999999999,
            lower: -0.099,
            upper: 0.095,
            confidence: 0.75,
            p: 1.0
        ),
        SignedRankVector(
            differences: [0.1084, 0.0478, 0.0074, 0.0899, -0.1151],
            estimate: 0.0478,
            lower: -0.1151,
            upper: 0.1084,
            confidence: 0.9375,
            p: 0.625
        ),
        SignedRankVector(
            differences: [0.0642, 0.0069, 0.121, 0.1242, -0.0128, -0.0133],
            estimate: 0.054099999999999995,
            lower: -0.0133,
            upper: 0.1242,
            confidence: 0.96875,
            p: 0.3125
        ),
        SignedRankVector(
            differences: [-0.067, 0.0012, 0.1119, 0.1657, 0.1029, 0.0835, -0.0067, 0.0996],
            estimate: 0.054575,
            lower: -0.0067,
            upper: 0.13265,
            confidence: 0.9609375,
            p: 0.078125
        ),
        SignedRankVector(
            differences: [-0.0016, 0.104, 0.0597, 0.1656, 0.1002, 0.2169, 0.0392, 0.1556, 0.1025, 0.2497],
            estimate: 0.11265,
            lower: 0.0597,
            upper: 0.1761,
            confidence: 0.951171875,
            p: 0.00390625
        ),
        SignedRankVector(
            differences: [
                -0.1162, 0.1674, -0.0224, -0.0069, 0.0782, -0.0711, -0.0395, 0.0294, 0.0478, -0.1104, -0.0074, 0.0654,
            ],
            estimate: -0.0039499999999999995,
            lower: -0.05865,
            upper: 0.0566,
            confidence: 0.95751953125,
            p: 0.9697265625
        ),
        SignedRankVector(
            differences: [
                0.0668, 0.0138, 0.0796, 0.0287, 0.1973, -0.0009, 0.0859, 0.031, 0.1655, -0.0172, 0.1677, -0.0395,
                -0.0567, 0.0252, 0.0892, -0.0721,
            ],
            estimate: 0.046700000000000005,
            lower: 0.0037500000000000033,
            upper: 0.09075,
            confidence: 0.9556884765625,
            p: 0.0443115234375
        ),
        SignedRankVector(
            differences: [
                0.0296, 0.0796, 0.0764, 0.1676, 0.1584, 0.1133, 0.1713, 0.174, -0.0309, 0.2985, 0.0751, 0.0194, 0.14,
                0.0311, 0.1427, -0.0401, 0.1525, -0.0464, 0.1176, 0.0587,
            ],
            estimate: 0.09509999999999999,
            lower: 0.0531,
            upper: 0.13585,
            confidence: 0.9515590667724609,
            p: 0.000209808349609375
        ),
        SignedRankVector(
            differences: [0.1, 0.1, -0.1, 0.2, 0.0, 0.3, -0.3, 0.4, 0.5, 0.0],
            estimate: 0.1,
            lower: -0.05,
            upper: 0.3,
            confidence: 0.951171875,
            p: 0.1640625
        ),
        SignedRankVector(
            differences: [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            estimate: 0.0,
            lower: 0.0,
            upper: 0.0,
            confidence: 0.9609375,
            p: 1.0
        ),
        SignedRankVector(
            differences: [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6],
            estimate: 0.325,
            lower: 0.2,
            upper: 0.45,
            confidence: 0.95751953125,
            p: 0.00048828125
        ),
    ]
}
