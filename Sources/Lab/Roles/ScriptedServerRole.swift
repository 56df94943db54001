import DNSWire
import Glibc
import LinuxNet
import NodeLocal

/// `lab-role cluster-dns` and `lab-role external-dns`: a scripted server on the addresses that it is given.
enum ScriptedServerRole {
    /// Runs the server; see ``ScriptedServerArguments`` for the arguments.
    static func run(arguments: [String], isCluster: Bool) async -> Int32 {
        let parsed: ScriptedServerArguments
        do {
            parsed = try ScriptedServerArguments(arguments)
        } catch {
            LabRole.complain("\(error)")
            return 64
        }
        do {
            try await Threads.run(name: isCluster ? "cluster-dns" : "external-dns") {
                try serve(parsed, isCluster: isCluster)
            }
            return 0
        } catch {
            LabRole.complain("\(error)")
            return 74
        }
    }

    /// Lets the server have as many connections as the machine allows; the usual soft limit of 1,024 is one busy cache.
    private static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = min(limit.rlim_max, 65_536)
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    private static func serve(_ arguments: ScriptedServerArguments, isCluster: Bool) throws(NetError) {
        raiseDescriptorLimit()
        let responder =
            isCluster
            ? ScriptedResponder(cluster: KubernetesZone(services: arguments.services, seed: arguments.seed))
            : ScriptedResponder(external: ExternalNames())
        let server = try ScriptedServer(
            listen: arguments.listen,
            responder: responder,
            delayNanoseconds: arguments.delayNanoseconds
        )
        let stop = StopFlag()
        let waker = server.waker
        try StandardInputWatch.start(raising: stop) { waker.wake() }
        LabRole.announceReady()
        try server.run(until: stop)
    }
}

/// The arguments of a scripted server.
struct ScriptedServerArguments: Sendable {
    /// `--listen A:P`, repeatable: where it serves UDP and TCP.
    var listen: [Endpoint] = []
    /// `--services N`: size of the generated cluster.
    var services = 5_000
    /// `--seed N`: seed of the generated cluster.
    var seed: UInt64 = 1
    /// `--delay D`, such as `300us`: how long each answer takes, in nanoseconds.
    var delayNanoseconds: Int64 = 0

    /// A command line that does not follow the grammar.
    struct Malformed: Error, CustomStringConvertible {
        var description: String
    }

    /// Parses the arguments.
    init(_ arguments: [String]) throws(Malformed) {
        var rest = arguments[...]
        while let option = rest.popFirst() {
            guard let value = rest.popFirst() else { throw Malformed(description: "\(option) wants a value") }
            switch option {
            case "--listen":
                guard let endpoint = Endpoint(value) else { throw Self.bad(option, value) }
                listen.append(endpoint)
            case "--services":
                guard let count = Int(value), (0...1_000_000).contains(count) else { throw Self.bad(option, value) }
                services = count
            case "--seed":
                guard let number = UInt64(value) else { throw Self.bad(option, value) }
                seed = number
            case "--delay":
                guard let delay = DurationText.nanoseconds(value) else { throw Self.bad(option, value) }
                delayNanoseconds = delay
            default: throw Malformed(description: "unknown option \(option)")
            }
        }
        guard !listen.isEmpty else { throw Malformed(description: "--listen is missing") }
    }

    private static func bad(_ option: String, _ value: String) -> Malformed {
        Malformed(description: "\(option) cannot be '\(value)'")
    }
}
