/// Why a capture could not be made or read; the description is one sentence for the operator.
package enum CaptureError: Error, Equatable, Sendable, CustomStringConvertible {
    case cannotOpen(path: String, reason: String)
    case notACapture(path: String)
    /// The format ends the sentence `FILE is …`, with what to do about it.
    case unsupportedFormat(path: String, format: String)
    case unsupportedLinkType(UInt32)
    case tooManyFiles(Int)
    case missingCapability(operation: String, capability: String)
    case noSuchInterface(name: String, available: [String])
    case namespace(reason: String)
    case filter(expression: String, reason: String)
    case live(operation: String, reason: String)
    case cannotWrite(path: String, reason: String)

    package var description: String {
        switch self {
        case .cannotOpen(let path, let reason):
            "Cannot open \(path == "-" ? "standard input" : "the capture file \(path)"): \(reason)."
        case .notACapture(let path):
            "\(Self.subject(path)) is no capture file: it begins neither as pcap nor as pcapng."
        case .unsupportedFormat(let path, let format):
            "\(Self.subject(path)) is \(format)."
        case .unsupportedLinkType(let type):
            "The capture has link type \(type), which is not supported."
        case .tooManyFiles(let count):
            "\(count) files are more than one capture can have (\(FrameNumber.mostFiles)); join some with mergecap."
        case .missingCapability(let operation, let capability):
            "No privilege to \(operation): it needs the capability \(capability) (or root)."
        case .noSuchInterface(let name, let available):
            "There is no interface \(name); there are: \(available.joined(separator: ", "))."
        case .namespace(let reason):
            "Cannot capture in the network namespace: \(reason)."
        case .filter(let expression, let reason):
            "The capture filter \"\(expression)\" was refused: \(reason)."
        case .live(let operation, let reason):
            "Live capture failed to \(operation): \(reason)."
        case .cannotWrite(let path, let reason):
            "Cannot write the capture file \(path): \(reason)."
        }
    }

    /// Whether the caller lacks a privilege (exit 77).
    package var isPrivilege: Bool {
        if case .missingCapability = self { return true }
        return false
    }

    // How a sentence about a capture file begins.
    private static func subject(_ path: String) -> String {
        path == "-" ? "Standard input" : path
    }
}
