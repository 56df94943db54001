import DNSWire
import Glibc
import NodeLocal
import Subprocess
import SystemPackage

/// How the cache under test is started: a command, and the files that it reads.
struct CacheCommand {
    /// What it is, for messages.
    var name: String
    /// The command line.
    var words: [String]
    /// Additions to the environment.
    var environment: [String: String] = [:]
    /// Files to write before the start, by path.
    var files: [String: String] = [:]
    /// Files that hold the Corefile; none when the program reads something else.
    var corefilePaths: [String] = []
    /// The signal that makes the program read its configuration anew; nil when no signal does.
    var reloadSignal: Int32? = SIGUSR1
    /// Whether the program logs that it has read its configuration anew, as CoreDNS does.
    var logsReloads = true
    /// Whether the program watches its own standard input, as the lab's roles do.
    var watchesStandardInput = false
    /// Whether it serves `/health` and `/metrics`.
    var servesHTTP = true

    /// Decides how to start the cache that `options` name.
    ///
    /// - Parameters:
    ///   - executable: path of this program, whose subcommand the reference cache is.
    ///   - directory: the lab's own directory, for configuration files.
    static func make(
        _ options: LabOptions,
        corefile: String,
        expectations: CorefileExpectations,
        executable: String,
        directory: String
    ) async throws(LabError) -> CacheCommand {
        switch options.cache {
        case .reference:
            let path = "\(directory)/Corefile"
            let defects = options.defects.flatMap { ["--defect", $0.rawValue] }
            return CacheCommand(
                name: "reference cache",
                words: [
                    executable, "lab-role", "cache", "--corefile", path, "--profile", options.profile.rawValue,
                    "--seed", "\(options.seed)", "--service-time", "\(options.serviceNanoseconds)",
                ] + defects,
                files: [path: corefile],
                corefilePaths: [path],
                watchesStandardInput: true
            )
        case .peer(let peer): return try .peer(peer, expectations: expectations, directory: directory)
        case .binary(let path):
            return try await binary(path, corefile: corefile, expectations: expectations, directory: directory)
        }
    }

    /// Tells node-cache from CoreDNS by the options that it knows, and gives each the Corefile its own way.
    private static func binary(
        _ path: String,
        corefile: String,
        expectations: CorefileExpectations,
        directory: String
    ) async throws(LabError) -> CacheCommand {
        guard access(path, X_OK) == 0 else { throw .options("'\(path)' is not a program that can be run") }
        guard try await usage(of: path).contains("-localip") else {
            let file = "\(directory)/Corefile"
            return CacheCommand(
                name: "CoreDNS",
                words: [path, "-conf", file],
                files: [file: corefile],
                corefilePaths: [file]
            )
        }
        // node-cache watches the template's whole directory, and writes the Corefile that CoreDNS reads.
        let template = "\(directory)/template/Corefile.base"
        let addresses = expectations.listenAddresses.map(\.description).joined(separator: ",")
        return CacheCommand(
            name: "node-cache",
            words: [
                path, "-localip", addresses, "-basecorefile", template, "-conf", "\(directory)/Corefile",
                "-upstreamsvc", "kube-dns-upstream", "-setupinterface=false", "-setupiptables=false",
                "-skipteardown=true",
            ],
            environment: [
                "KUBE_DNS_UPSTREAM_SERVICE_HOST": LabLayout.clusterDNS.address.description
            ],
            files: [template: corefile],
            corefilePaths: [template, "\(directory)/Corefile"]
        )
    }

    private static func usage(of path: String) async throws(LabError) -> String {
        do {
            let result = try await Subprocess.run(
                .path(FilePath(path)),
                arguments: ["-help"],
                output: .string(limit: 1 << 16),
                error: .string(limit: 1 << 16)
            )
            return result.standardOutput + result.standardError
        } catch {
            throw .options("'\(path)' cannot be run: \(error)")
        }
    }
}
