import Glibc

/// The long-lived parts of a lab, each a child process: the hidden subcommand `lab-role` of the program itself.
///
/// Each part ends when its standard input ends, so that a parent that dies, however it dies, takes them along.
package enum LabRole {
    /// The parts by the name that they have on the command line.
    package enum Name: String, CaseIterable, Sendable {
        case clusterDNS = "cluster-dns"
        case externalDNS = "external-dns"
        case cache
        case supervise
        case disturb
        case keep
    }

    /// Runs one part until its standard input ends; `arguments` are what follows `lab-role`.
    ///
    /// - Returns: the exit status.
    package static func run(arguments: [String]) async -> Int32 {
        guard let first = arguments.first, let name = Name(rawValue: first) else {
            complain("lab-role wants one of \(Name.allCases.map(\.rawValue).joined(separator: ", "))")
            return 64
        }
        let rest = Array(arguments.dropFirst())
        switch name {
        case .clusterDNS: return await ScriptedServerRole.run(arguments: rest, isCluster: true)
        case .externalDNS: return await ScriptedServerRole.run(arguments: rest, isCluster: false)
        case .cache: return await ReferenceCacheRole.run(arguments: rest)
        case .supervise: return SuperviseRole.run(command: rest)
        case .disturb: return await DisturbRole.run(arguments: rest)
        case .keep: return await KeepRole.run(arguments: rest)
        }
    }

    /// Says one line on standard error, which the lab keeps as the part's log.
    static func complain(_ text: String) {
        let line = Array("nldns lab-role: \(text)\n".utf8)
        _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// Tells the parent that the part serves: one line on standard output.
    static func announceReady() {
        let line = Array("ready\n".utf8)
        _ = line.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }
}
