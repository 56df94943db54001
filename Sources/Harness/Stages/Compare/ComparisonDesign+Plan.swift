import Measure
package import Results
package import Scenario

extension ComparisonDesign {
    /// What must be the same for the noise of another run to tell that of the plan's comparison; nil when it has none.
    ///
    /// - Parameter site: where it will take place; see ``Site/noiseLabel``.
    package static func conditions(of plan: Plan, site: String) -> String? {
        for case .compare(let step) in plan.steps {
            let workload = plan.workload(step.workload) ?? .kubernetes
            let layout = PairedDesign(pairs: step.pairs, maximumPairs: step.maximumPairs)
            return ComparisonDesign(step, layout: layout, site: site, workload: workload.digest, isSelf: false)
                .conditions
        }
        return nil
    }
}
