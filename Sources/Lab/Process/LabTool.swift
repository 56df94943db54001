import Glibc
import Subprocess
import SystemPackage

/// A program of the system that the lab runs, and the Debian package that it comes with.
enum LabTool: String, CaseIterable {
    case ip
    case nft
    case nsenter
    case prlimit
    case iptablesLegacy = "iptables-legacy"
    case setpriv
    case unshare
    case unbound
    case dnsmasq
    case kresd
    case pdnsRecursor = "pdns_recursor"
    case named
    case dnsdist

    /// The Debian package.
    var debianPackage: String {
        switch self {
        case .ip: "iproute2"
        case .nft: "nftables"
        case .nsenter, .prlimit, .setpriv, .unshare: "util-linux"
        case .iptablesLegacy: "iptables"
        case .unbound: "unbound"
        case .dnsmasq: "dnsmasq-base"
        case .kresd: "knot-resolver"
        case .pdnsRecursor: "pdns-recursor"
        case .named: "bind9"
        case .dnsdist: "dnsdist"
        }
    }

    /// Where it is; the system directories are searched even when PATH leaves them out, as it does for users.
    func find() throws(LabError) -> String {
        let search = getenv("PATH").map { String(cString: $0) } ?? ""
        let directories = search.split(separator: ":").map(String.init) + ["/usr/sbin", "/sbin", "/usr/bin", "/bin"]
        for directory in directories {
            let path = "\(directory)/\(rawValue)"
            if access(path, X_OK) == 0 { return path }
        }
        throw .missingTool(name: rawValue, debianPackage: debianPackage)
    }

    /// Throws the first of `tools` that is missing.
    static func require(_ tools: [LabTool]) throws(LabError) {
        for tool in tools { _ = try tool.find() }
    }
}

/// Commands that shape the lab's network and end at once.
enum LabCommand {
    /// Runs a tool in a namespace, feeding it `input`, and returns its standard output.
    ///
    /// - Parameter namespace: path of the network namespace; `nil` stays in the caller's.
    @discardableResult
    static func run(
        _ tool: LabTool,
        _ arguments: [String],
        namespace: String?,
        input: String = ""
    ) async throws(LabError) -> String {
        var words = [try tool.find()] + arguments
        if let namespace { words = [try LabTool.nsenter.find(), "--net=\(namespace)", "--"] + words }
        let line = words.joined(separator: " ")
        do {
            let result = try await Subprocess.run(
                .path(FilePath(words[0])),
                arguments: Arguments(Array(words.dropFirst())),
                input: .string(input),
                output: .string(limit: 1 << 20),
                error: .string(limit: 1 << 16)
            )
            guard result.terminationStatus.isSuccess else {
                let reason = result.standardError.split(separator: "\n").joined(separator: "; ")
                throw LabError.command(
                    line: line,
                    status: LabPart.words(result.terminationStatus),
                    standardError: reason
                )
            }
            return result.standardOutput
        } catch let error as LabError {
            throw error
        } catch {
            throw .command(line: line, status: "failure", standardError: "\(error)")
        }
    }
}
