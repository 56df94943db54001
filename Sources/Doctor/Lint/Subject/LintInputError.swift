package import NodeLocal

/// Why a file cannot be looked at.
package enum LintInputError: Error, Sendable, CustomStringConvertible {
    /// A zero octet: no text.
    case binary(file: String)
    /// The file is not what it should be, at a place.
    case damaged(SourcePlace, String)

    /// `file:line:column: sentence`.
    package var description: String {
        switch self {
        case .binary(let file): "\(file):1:1: the file holds a zero octet and is no text"
        case .damaged(let place, let sentence): "\(place): \(sentence)"
        }
    }
}
