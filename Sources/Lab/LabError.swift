/// Why a lab could not be made, kept or found.
package enum LabError: Error, Equatable, Sendable {
    /// A program that the lab runs is not installed.
    case missingTool(name: String, debianPackage: String)
    /// A capability that the topology needs is not there.
    case missingPrivilege(capability: String, purpose: String, advice: String)
    /// Options that exclude each other.
    case options(String)
    /// The Corefile, or what it asks for, cannot be served by this lab.
    case corefile(String)
    /// A command that shapes the network failed.
    case command(line: String, status: String, standardError: String)
    /// A long-lived part ended before it was told to.
    case partDied(part: String, status: String, logTail: String)
    /// A part did not answer before the deadline.
    case notReady(part: String, waitedNanoseconds: Int64, logTail: String)
    /// A fault could not be staged.
    case fault(name: String, reason: String)
    /// A call into the kernel failed.
    case system(operation: String, reason: String)
    /// Stopped on request before it was up.
    case stopped
}

extension LabError: CustomStringConvertible {
    /// One sentence: what failed, where, and what to do.
    package var description: String {
        switch self {
        case .missingTool(let name, let debianPackage):
            "the lab needs \(name), which is not installed: apt-get install \(debianPackage)"
        case .missingPrivilege(let capability, let purpose, let advice):
            "the lab needs \(capability) to \(purpose): \(advice)"
        case .options(let reason):
            reason
        case .corefile(let reason):
            "the lab cannot serve this Corefile: \(reason)"
        case .command(let line, let status, let standardError):
            "'\(line)' ended with \(status): \(standardError)"
        case .partDied(let part, let status, let logTail):
            "\(part) ended with \(status) while the lab was up" + Self.quoted(logTail)
        case .notReady(let part, let waitedNanoseconds, let logTail):
            "\(part) did not answer within \(waitedNanoseconds / 1_000_000) ms" + Self.quoted(logTail)
        case .fault(let name, let reason):
            "the fault \(name) cannot be staged here: \(reason)"
        case .system(let operation, let reason):
            "\(operation): \(reason)"
        case .stopped:
            "stopped before the lab was up"
        }
    }

    private static func quoted(_ logTail: String) -> String {
        logTail.isEmpty ? "" : "; its last words were:\n\(logTail)"
    }
}
