/// A scenario that was read and found sound: what to run, in which order, and what must hold.
package struct Plan: Sendable {
    /// The file as the user named it, or `built-in:NAME`.
    package let file: String
    /// The text as it was read; its digest identifies the scenario.
    package let text: [UInt8]
    /// The scenario's id.
    package let id: String
    /// One line for a reader.
    package let title: String
    /// What it is for, or nil.
    package let summary: String?
    /// Who is asked, in the order of the file, at least one.
    package let targets: [Target]
    /// Where expectations come from.
    package private(set) var expectations: ExpectationSource
    /// What is asked, by name.
    package let workloads: [WorkloadPlan]
    /// The steps in their order, at least one.
    package let steps: [Step]
    /// What must hold at the end.
    package let gates: [Gate]

    /// The same plan, judged by another Corefile.
    package func expecting(_ corefile: ExpectationSource.CorefileSource) -> Plan {
        var plan = self
        plan.expectations = ExpectationSource(corefile: corefile, profile: expectations.profile)
        return plan
    }

    /// The target of that name.
    package func target(_ name: String) -> Target? { targets.first { $0.name == name } }

    /// The first target with that role.
    package func target(role: TargetRole) -> Target? { targets.first { $0.role == role } }

    /// The workload of that name.
    package func workload(_ name: String) -> WorkloadPlan? { workloads.first { $0.name == name } }
}
