/// One thing that a scenario does.
package enum Step: Sendable, Hashable {
    case check(CheckStep)
    case prove(ProveStep)
    case load(LoadStep)
    case compare(CompareStep)
    case doctor(DoctorStep)
    case wait(WaitStep)

    /// The key that names this sort of step in a scenario.
    package var kind: StepKind {
        switch self {
        case .check: .check
        case .prove: .prove
        case .load: .load
        case .compare: .compare
        case .doctor: .doctor
        case .wait: .wait
        }
    }
}

/// The sorts of step.
package enum StepKind: String, Sendable, Hashable, CaseIterable {
    case doctor
    case check
    case prove
    case load
    case compare
    case wait
}

extension Scenario {
    /// Runs checks on one target.
    package struct CheckStep: Sendable, Hashable {
        /// The target's name.
        package let target: String
        /// Sections to run, such as `HDR`; empty selects all.
        package let sections: [String]
        /// Single checks to run; empty selects all.
        package let ids: [String]
        /// Tiers to run: 0 safe on a live node, 1 metrics and HTTP, 2 passive capture, 3 lab upstream.
        package let tiers: [Int]
        /// True to judge by the RFC alone, without the profile's known deviations.
        package let isStrict: Bool
    }
}

/// Runs checks on one target; other modules have steps of that name, so it can also be called by its module.
package typealias CheckStep = Scenario.CheckStep

/// The proofs that a capture can give.
package enum ProofID: String, Sendable, Hashable, CaseIterable {
    /// Zones that force TCP ask upstream over TCP alone.
    case forceTCP = "force-tcp"
    /// A repeated question within its TTL causes no upstream query, and TTLs count down within their cap.
    case cache
}

/// Captures, asks and proves.
package struct ProveStep: Sendable, Hashable {
    /// The target's name.
    package let target: String
    /// The proofs, each once, at least one.
    package let proofs: [ProofID]
    /// Names never asked before that are asked in each zone, so that upstream must be asked.
    package let misses: Int
    /// Times that each name is asked again within its TTL.
    package let repeats: Int
}

/// Looks at the node without changing it.
package struct DoctorStep: Sendable, Hashable {}

extension Scenario {
    /// Lets time pass.
    package struct WaitStep: Sendable, Hashable {
        /// How long.
        package let durationNanoseconds: Int64
    }
}

/// Lets time pass; other modules have steps of that name, so it can also be called by its module.
package typealias WaitStep = Scenario.WaitStep
