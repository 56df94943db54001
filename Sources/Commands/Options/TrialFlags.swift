import ArgumentParser
import Scenario

/// What a lab is made to be on purpose, so that its user sees what checks and proofs say of it.
struct TrialFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Judge the lab by this Corefile, whatever --corefile gives the cache: live (the cache's own), seed, or a path.",
            valueName: "source"
        )
    )
    var expect: String?

    @Option(
        help: ArgumentHelp(
            "Throw away one captured frame in so many, as a ring that is full would.",
            valueName: "frames"
        )
    )
    var captureLoss: UInt64?

    /// Refuses what no lab is there for.
    func requireLab(_ lab: LabFlags) throws {
        if let captureLoss, captureLoss < 1 { throw ValidationError("--capture-loss takes 1 or more.") }
        guard lab.lab == nil else { return }
        if expect != nil {
            throw ValidationError(
                "--expect works in the lab only; on a node --corefile names the Corefile to judge by."
            )
        }
        if captureLoss != nil { throw ValidationError("--capture-loss works in the lab only; add --lab.") }
    }

    /// The plan, judged as asked.
    func applied(to plan: Plan) -> Plan {
        switch expect {
        case nil: plan
        case "live": plan.expecting(.live)
        case "seed": plan.expecting(.seed)
        case let path?: plan.expecting(.file(path: path))
        }
    }
}
