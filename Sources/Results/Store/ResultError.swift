/// Why a result could not be read or written, in one sentence.
package enum ResultError: Error, Equatable, CustomStringConvertible {
    /// There is no such file (exit 66).
    case missing(path: String)
    /// The file cannot be read (exit 66).
    case unreadable(path: String, reason: String)
    /// The file is no result, or a damaged one (exit 65).
    case damaged(path: String, reason: String)
    /// Another major version wrote it (exit 65).
    case unsupportedSchema(path: String, schema: String)
    /// The file or its folder cannot be made (exit 73).
    case cannotCreate(path: String, reason: String)
    /// Writing failed half-way; what stood there before is untouched (exit 74).
    case cannotWrite(path: String, reason: String)

    /// The sysexits code that belongs to it.
    package var exitCode: Int32 {
        switch self {
        case .missing, .unreadable: 66
        case .damaged, .unsupportedSchema: 65
        case .cannotCreate: 73
        case .cannotWrite: 74
        }
    }

    /// One sentence: what failed, where, and what to do where that is known.
    package var description: String {
        switch self {
        case .missing(let path): "\(path) does not exist."
        case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)."
        case .damaged(let path, let reason): "\(path) is no readable result: \(reason)."
        case .unsupportedSchema(let path, let schema):
            "\(path) has schema \"\(schema)\", and this program reads \(ResultDocument.currentSchema): "
                + "read it with the version that wrote it."
        case .cannotCreate(let path, let reason): "\(path) cannot be created: \(reason)."
        case .cannotWrite(let path, let reason): "\(path) cannot be written: \(reason)."
        }
    }
}
