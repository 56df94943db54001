/// Why a segment says more of the machine than of the server, so that its pair is left out.
package enum SegmentFault: String, Codable, Sendable, CaseIterable {
    /// Queries left so much later than planned that it shows in what was measured.
    case generatorBehind = "generator_behind"
    /// The sending thread had no time to spare.
    case generatorBusy = "generator_busy"
    /// Our own sockets dropped answers.
    case receiveDrops = "receive_drops"
    /// Queries were due and never left this machine.
    case ownLoss = "own_loss"
    /// Real time was set while answers were stamped with it.
    case clockStep = "clock_step"
    /// The host took the processors away.
    case stolenTime = "stolen_time"
    /// Programs beside the lab used the processors.
    case crowded

    /// The fault in a few words.
    package var words: String {
        switch self {
        case .generatorBehind: "the generator fell behind its plan"
        case .generatorBusy: "the generator had no time to spare"
        case .receiveDrops: "our own sockets dropped answers"
        case .ownLoss: "queries never left this machine"
        case .clockStep: "the clock was set"
        case .stolenTime: "the host took the processors away"
        case .crowded: "other programs used the processors"
        }
    }
}

/// How many pairs were left out for one reason.
package struct PairDiscard: Codable, Sendable, Equatable {
    /// The reason.
    package var fault: SegmentFault
    /// Pairs with it in either segment; a pair with two faults counts for both.
    package var pairs: Int

    /// Counts pairs.
    package init(fault: SegmentFault, pairs: Int) {
        self.fault = fault
        self.pairs = pairs
    }
}
