import ArgumentParser
import Glibc
import Harness
import Lab
import NodeLocal

extension LabTopology: ExpressibleByArgument {}

/// Runs a command inside a fresh lab.
struct LabFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Run in a fresh lab on this machine: --lab or --lab=ipvs, --lab=iptables (both need root), --lab=loopback.",
            valueName: "topology"
        )
    )
    var lab: LabTopology?

    @Option(
        help: ArgumentHelp(
            "What stands in the lab: reference (as CoreDNS 1.13 behaves), reference-rfc (as the RFCs ask), or a peer from Debian.",
            valueName: "name"
        )
    )
    var cache: NamedCache?

    @Option(help: ArgumentHelp("A node-cache or CoreDNS binary that stands in the lab.", valueName: "path"))
    var cacheBinary: String?

    @Option(
        help: ArgumentHelp(
            "Switch on a defect of the reference cache; nldns lab defects lists them; repeatable.",
            valueName: "name"
        ),
        completion: .list(CacheDefect.allCases.map(\.rawValue)),
        transform: Self.defect
    )
    var defect: [CacheDefect] = []

    @Option(
        help: ArgumentHelp(
            "Make something of the node wrong, once the lab is up; nldns lab faults lists what; repeatable.",
            valueName: "name"
        ),
        completion: .list(LabFault.allCases.map(\.rawValue)),
        transform: Self.fault
    )
    var fault: [LabFault] = []

    @Option(help: ArgumentHelp("Services in the lab's cluster.", valueName: "count"))
    var services: Int?

    @Option(
        help: ArgumentHelp(
            "Let the reference cache take so long over each answer, such as 1ms; as quickly as it can if not given.",
            valueName: "time"
        )
    )
    var serviceTime: String?

    /// Caches that the lab knows by name.
    enum NamedCache: String, ExpressibleByArgument {
        case reference
        case referenceRFC = "reference-rfc"
        case unbound
        case dnsmasq
        case knotResolver = "knot-resolver"
        case pdnsRecursor = "pdns-recursor"
        case bind9
        case dnsdist

        /// The peer of that name; nil for the reference cache.
        var peer: CachePeer? { CachePeer(rawValue: rawValue) }
    }

    /// Whether the command is about a lab even when `--lab` is not written.
    private static let labCommands: Set<String> = ["lab"]

    static func defect(_ name: String) throws -> CacheDefect {
        guard let defect = CacheDefect(rawValue: name) else {
            throw ValidationError("'\(name)' is no defect of the reference cache; nldns lab defects lists them.")
        }
        return defect
    }

    static func fault(_ name: String) throws -> LabFault {
        guard let fault = LabFault(rawValue: name) else {
            let hint = Suggestion.closest(to: name, among: LabFault.allCases.map(\.rawValue))
            let advice = hint.map { "did you mean '\($0)'?" } ?? "nldns lab faults lists them."
            throw ValidationError("'\(name)' is no fault of the lab; \(advice)")
        }
        return fault
    }

    func validate() throws {
        if cache != nil, cacheBinary != nil {
            throw ValidationError("--cache and --cache-binary exclude each other; give one.")
        }
        if let services, !(1...200_000).contains(services) {
            throw ValidationError("--services takes 1 to 200000.")
        }
        if let serviceTime, try DurationFlag.nanoseconds(serviceTime, of: "--service-time") > 1_000_000_000 {
            throw ValidationError("--service-time takes 1s at most.")
        }
        guard lab == nil, CommandLine.arguments.dropFirst().first.map(Self.labCommands.contains) != true else { return }
        for (name, isGiven) in [
            ("--cache", cache != nil), ("--cache-binary", cacheBinary != nil), ("--defect", !defect.isEmpty),
            ("--fault", !fault.isEmpty),
            ("--services", services != nil), ("--service-time", serviceTime != nil),
        ] where isGiven {
            throw ValidationError("\(name) works in the lab only; add --lab.")
        }
    }

    /// The lab that was asked for, or nil.
    func options(seed: UInt64, corefile: String?) throws -> LabOptions? {
        try lab.map { try options(seed: seed, corefile: corefile, topology: $0) }
    }

    /// The lab of that topology.
    func options(seed: UInt64, corefile: String?, topology: LabTopology) throws -> LabOptions {
        var options = LabOptions(topology: topology, defects: defect, corefile: corefile, seed: seed)
        options.faults = fault
        if cache == .referenceRFC { options.profile = .rfc }
        if let services { options.services = services }
        if let serviceTime {
            options.serviceNanoseconds = try DurationFlag.nanoseconds(serviceTime, of: "--service-time")
        }
        if let cacheBinary {
            options.cache = try Self.binary(cacheBinary)
        } else if let peer = cache?.peer {
            options.cache = .peer(peer)
        }
        guard options.cache == .reference || defect.isEmpty else {
            throw Failure(.usage, "defects belong to the reference cache; leave out --cache and --cache-binary")
        }
        return options
    }

    /// The cache that a program file is.
    ///
    /// - Throws: ``Failure`` when it is not there or cannot be run.
    static func binary(_ path: String) throws -> LabCache {
        guard access(path, F_OK) == 0 else {
            throw Failure(.inputMissing, "the cache binary \(path) does not exist")
        }
        guard access(path, X_OK) == 0 else {
            throw Failure(.badInput, "the cache binary \(path) is not executable")
        }
        return .binary(path: path)
    }

    /// Starts this program again inside a user namespace if the topology wants that; returns when it does not.
    func enterNamespace() throws {
        guard let lab else { return }
        let arguments = CommandLineEntry.normalised(Array(CommandLine.arguments.dropFirst()))
        let command = try LabReexec.commandLine(topology: lab, executable: Executable.path, arguments: arguments)
        if let command { throw LabReexec.replaceProcess(command) }
    }
}

/// This program itself.
enum Executable {
    /// Its path, from the kernel.
    static var path: String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = buffer.withUnsafeMutableBytes { bytes in
            bytes.bindMemory(to: CChar.self).baseAddress.map { readlink("/proc/self/exe", $0, bytes.count) } ?? 0
        }
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : CommandLine.arguments[0]
    }
}
