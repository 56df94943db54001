/// Searches the highest rate that meets goals, without I/O or clock.
///
/// It says which trial is next, and takes what came of it.
///
/// Short trials double the rate from the first one until one misses twice, and then halve the gap in ratio until it is as
/// narrow as asked. A long trial confirms the best; each that misses steps down, further each time, and the next one
/// must hold. So a rate that is borne for a moment only is not taken for the answer (the order of MLRsearch, IETF
/// draft-ietf-bmwg-mlrsearch).
package struct RateSearch: Sendable {
    /// How a search ends.
    package enum Ending: Sendable, Hashable {
        /// The rate was confirmed, and a little more was not borne.
        case found(Double)
        /// The highest rate that was allowed was confirmed.
        case reachedMaximum(Double)
        /// The rate was confirmed, and above it the generator was the limit, not the server.
        case limitedByGenerator(Double)
        /// Not even the lowest rate met the goals.
        case nothingMet
        /// The generator could not even keep the lowest rate.
        case generatorTooSlow
        /// No rate held for the length of a confirming trial.
        case unstable
    }

    /// What is to be done next.
    package enum Step: Sendable, Hashable {
        /// A trial at a rate, a long one when it is to confirm.
        case trial(rate: Double, isConfirming: Bool)
        /// Nothing more.
        case end(Ending)
    }

    /// The ratio of the rates between which the answer lies in the end.
    package static let width = 1.03
    private static let mostConfirmations = 8

    private let maximum: Double
    private let lowest: Double
    private var met = 0.0
    private var missed: Double?
    private var isGeneratorLimit = false
    /// The rate whose trial missed and is repeated.
    private var doubted: Double?
    private var confirmations = 0
    private var isConfirming = false
    private var stepDown = 0.95
    private var pending: Double
    private var ending: Ending?

    /// A search from `lowest` up to `maximum` queries a second, from `first` on.
    ///
    /// The lowest rate is to put a hundred queries into a trial: fewer can miss a loss of a fifth by chance.
    package init(first: Double = 1_000, lowest: Double = 10, maximum: Double) {
        self.maximum = maximum
        self.lowest = min(lowest, maximum)
        pending = min(max(first, lowest), maximum)
    }

    /// What is to be done next; the same until an outcome is taken.
    package var next: Step { ending.map { .end($0) } ?? .trial(rate: pending, isConfirming: isConfirming) }

    /// Takes what came of the trial that ``next`` named.
    package mutating func take(_ verdict: RateTrial.Verdict) {
        guard ending == nil else { return }
        if isConfirming { takeConfirmation(verdict) } else { takeTrial(verdict) }
    }

    private mutating func takeTrial(_ verdict: RateTrial.Verdict) {
        switch verdict {
        case .met:
            met = pending
        case .missed, .generator:
            // A moment's trouble on a shared machine is no limit: only the second miss of a rate is believed.
            guard doubted == pending else { return doubted = pending }
            missed = pending
            isGeneratorLimit = verdict == .generator
        }
        choose()
    }

    private mutating func choose() {
        guard let missed else {
            // Nothing has missed yet: double, or confirm the most that is allowed.
            return met >= maximum ? confirm(met) : (pending = min(met * 2, maximum))
        }
        guard met > 0 else {
            // Nothing has held yet: go down in big steps.
            guard missed / 4 >= lowest else {
                return ending = isGeneratorLimit ? .generatorTooSlow : .nothingMet
            }
            return pending = missed / 4
        }
        if missed / met <= RateSearch.width { return confirm(met) }
        pending = (met * missed).squareRoot()
    }

    private mutating func confirm(_ rate: Double) {
        isConfirming = true
        pending = rate
    }

    private mutating func takeConfirmation(_ verdict: RateTrial.Verdict) {
        confirmations += 1
        switch verdict {
        case .met:
            if missed == nil {
                ending = .reachedMaximum(pending)
            } else {
                ending = isGeneratorLimit ? .limitedByGenerator(pending) : .found(pending)
            }
        case .missed, .generator:
            missed = pending
            isGeneratorLimit = verdict == .generator
            pending *= stepDown
            // Further each time, so that a search ends.
            stepDown = max(0.5, stepDown * stepDown)
            if confirmations == RateSearch.mostConfirmations || pending < lowest { ending = .unstable }
        }
    }
}
