/// Why results cannot be added up.
package enum MergeError: Error, Equatable, CustomStringConvertible {
    /// Nothing to add, or one result alone.
    case tooFew
    /// Two results have one name.
    case duplicateName(String)
    /// Two runs did not ask the same.
    case differentScenario(first: String, other: String)
    /// No result holds a load that counts, nor a check, nor a capture.
    case nothingToAdd

    /// One sentence.
    package var description: String {
        switch self {
        case .tooFew: "a merge takes at least two results"
        case .duplicateName(let name):
            "two results are named \"\(name)\"; give each a name of its own, as in NAME=PATH"
        case .differentScenario(let first, let other):
            "\(first) and \(other) ran different scenarios, so their figures are not of one kind"
        case .nothingToAdd: "the results hold no load, check or capture to add up"
        }
    }
}
