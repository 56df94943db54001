/// Fires a workload at one target.
package struct LoadStep: Sendable, Hashable {
    /// The target's name.
    package let target: String
    /// The workload's name.
    package let workload: String
    /// The phase in the result, such as `load` or `warm`.
    package let phase: String
    /// The states of the cache in which it is measured; `nil` for the cache as it is.
    package let phases: LoadPhases?
    /// What queries carry, and how answers are looked at.
    package let questions: LoadQuestions
    /// When queries are sent, and for how long.
    package let shape: LoadShape
    /// How they travel.
    package let path: LoadPath
    /// How names are looked up; `nil` when single questions are asked.
    package let lookup: LoadLookup?
}
