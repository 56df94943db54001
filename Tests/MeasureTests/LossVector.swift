/// Losses of two targets with what scipy 1.17 makes of them.
///
/// `p` and the interval of the ratio come from `scipy.stats.binomtest(lostB, lostA + lostB, sentB / (sentA + sentB))`
/// and its `proportion_ci(method="exact")`, those of the difference from `scipy.stats.beta.ppf` (Clopper–Pearson).
struct LossVector: Sendable {
    let lostA: UInt64
    let sentA: UInt64
    let lostB: UInt64
    let sentB: UInt64
    let p: Double
    let ratioLower: Double?
    let ratioUpper: Double?
    let differenceLower: Double
    let differenceUpper: Double

    init(
        lostA: UInt64,
        sentA: UInt64,
        lostB: UInt64,
        sentB: UInt64,
        p: Double,
        ratioLower: Double?,
        ratioUpper: Double?,
        differenceLower: Double,
        differenceUpper: Double
    ) {
        self.lostA = lostA
        self.sentA = sentA
        self.lostB = lostB
        self.sentB = sentB
        self.p = p
        self.ratioLower = ratioLower
        self.ratioUpper = ratioUpper
        self.differenceLower = differenceLower
        self.differenceUpper = differenceUpper
    }

    static let all: [LossVector] = [
        LossVector(
            lostA: 0,
            sentA: 20000,
            lostB: 0,
            sentB: 20000,
            p: 1.0,
            ratioLower: nil,
            ratioUpper: nil,
            differenceLower: -0.0001844269639618992,
            differenceUpper: 0.0001844269639618992
        ),
        LossVector(
            lostA: 0,
            sentA: 20000,
            lostB: 5,
            sentB: 20000,
            p: 0.0625,
            ratioLower: 0.91635585731546,
            ratioUpper: nil,
            differenceLower: -2.757220163675852e-08,
            differenceUpper: 0.0005833193489126621
        ),
        LossVector(
            lostA: 0,
            sentA: 20000,
            lostB: 6,
            sentB: 20000,
            p: 0.03125,
            ratioLower: 1.1774247257241777,
            ratioUpper: nil,
            differenceLower: 3.528430759107258e-05,
            differenceUpper: 0.000652858465585465
        ),
        LossVector(
            lostA: 3,
            sentA: 20000,
            lostB: 300,
            sentB: 20000,
            p: 5.69038550848679e-85,
            ratioLower: 33.89102843283201,
            ratioUpper: 487.64035733668135,
            differenceLower: 0.0131860220834022,
            differenceUpper: 0.016635890248726606
        ),
        LossVector(
            lostA: 250,
            sentA: 12000,
            lostB: 251,
            sentB: 12100,
            p: 0.9644004529655279,
            ratioLower: 0.8323913296102559,
            ratioUpper: 1.1910741271431664,
            differenceLower: -0.0037576758289514897,
            differenceUpper: 0.003576213594274737
        ),
        LossVector(
            lostA: 7,
            sentA: 1000,
            lostB: 1,
            sentB: 4000,
            p: 8.447999999999986e-05,
            ratioLower: 0.0007924347575635243,
            ratioUpper: 0.2779938884117889,
            differenceLower: -0.014123222496510329,
            differenceUpper: -0.0024156754824048937
        ),
        LossVector(
            lostA: 1200,
            sentA: 60000,
            lostB: 600,
            sentB: 60000,
            p: 4.253166599370121e-46,
            ratioLower: 0.4525690291100999,
            ratioUpper: 0.551943541963301,
            differenceLower: -0.01139165776198968,
            differenceUpper: -0.008618595128685264
        ),
        LossVector(
            lostA: 0,
            sentA: 60000,
            lostB: 600,
            sentB: 60000,
            p: 4.819839730205768e-181,
            ratioLower: 162.15153075311073,
            ratioUpper: nil,
            differenceLower: 0.009216878880679766,
            differenceUpper: 0.010828629491245854
        ),
        LossVector(
            lostA: 20000,
            sentA: 20000,
            lostB: 20000,
            sentB: 20000,
            p: 1.0,
            ratioLower: 0.9805421211807461,
            ratioUpper: 1.019844000985723,
            differenceLower: -0.0001844269639619256,
            differenceUpper: 0.0001844269639619256
        ),
        LossVector(
            lostA: 0,
            sentA: 10,
            lostB: 10,
            sentB: 10,
            p: 0.001953125,
            ratioLower: 2.2415214750975356,
            ratioUpper: nil,
            differenceLower: 0.5637192061698335,
            differenceUpper: 1.0
        ),
        LossVector(
            lostA: 5,
            sentA: 1000000,
            lostB: 5,
            sentB: 1000,
            p: 2.4970183509476253e-13,
            ratioLower: 230.14246893811693,
            ratioUpper: 4345.134579523825,
            differenceLower: 0.0016204129291748559,
            differenceUpper: 0.011624471419671944
        ),
    ]
}
