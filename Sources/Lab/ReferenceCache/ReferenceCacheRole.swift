import DNSWire
import Glibc
import LinuxNet
import NodeLocal
import Synchronization

/// The process of the reference cache: a hidden subcommand that lives in the node's namespace.
package enum ReferenceCacheRole {
    /// Serves until standard input ends or SIGTERM comes.
    ///
    /// Arguments: `--corefile PATH`, `--profile rfc|coredns-1.13`, `--defect NAME` (repeatable), `--seed N`,
    /// `--service-time NANOSECONDS`,
    /// `--setup-metrics ADDRESS:PORT|off` (node-cache's own metrics, 0.0.0.0:9353 unless said otherwise). SIGUSR1
    /// reads the Corefile again. The result is the exit status: 64 usage, 65 broken Corefile, 66 no Corefile,
    /// 69 an address that cannot be bound, 1 a forwarding loop.
    package static func run(arguments: [String]) async -> Int32 {
        let options: CacheRoleOptions
        do throws(CacheRoleOptions.UsageError) {
            options = try CacheRoleOptions(arguments)
        } catch {
            return refuse(error.message, 64)
        }
        guard let text = TextFile.read(options.corefile) else {
            return refuse("cannot read the Corefile \(options.corefile)", 66)
        }
        let configuration: CacheConfiguration
        let fingerprint: UInt64
        do {
            let corefile = try Corefile.parse(text, file: options.corefile)
            fingerprint = CacheConfiguration.fingerprint(corefile)
            configuration = try CacheConfiguration(corefile, servers: ResolverFile.servers)
        } catch {
            return refuse("\(error)", 65)
        }
        let control = CacheControl { say($0) }
        let rules = CacheRules(
            profile: options.profile,
            defects: Set(options.defects),
            serviceNanoseconds: options.serviceNanoseconds
        )
        do {
            return try await serve(configuration, fingerprint, options, rules, control)
        } catch {
            control.end()
            return refuse("\(error)", 69)
        }
    }

    private static func serve(
        _ configuration: CacheConfiguration,
        _ fingerprint: UInt64,
        _ options: CacheRoleOptions,
        _ rules: CacheRules,
        _ control: CacheControl
    ) async throws -> Int32 {
        SignalWatch.ignoreBrokenPipes()
        let watch = CorefileWatch(
            path: options.corefile,
            fingerprint: fingerprint,
            reload: configuration.reload,
            control: control,
            seed: options.seed
        )
        let first = StopFlag()
        let signals = try SignalWatch(stop: first, signals: [SIGINT, SIGTERM, SIGUSR1]) { signal in
            signal == SIGUSR1 ? watch.readNow() : control.end()
        }
        let pages = try await CachePages(
            health: configuration.health,
            metrics: configuration.metrics,
            setupMetrics: options.setupMetrics,
            rules: rules,
            ledger: control.ledger
        )
        let input = try Threads.start(name: "cache-stdin") {
            var octet: UInt8 = 0
            while read(0, &octet, 1) > 0 || errno == EINTR {}
            control.end()
        }
        input.detach()
        let seed = options.seed
        let server = Task {
            try await Threads.run(name: "cache") {
                let begin = Clock.deadline(after: rules.service.startDelayNanoseconds)
                while !control.stop.isRaised, Clock.monotonicNanoseconds() < begin {
                    Clock.sleep(untilMonotonic: Clock.monotonicNanoseconds() + 20_000_000)
                }
                try CacheServer(configuration, rules: rules, control: control, seed: seed).run()
                control.stop.raise()
            }
        }
        let health = Task {
            if let endpoint = configuration.health {
                await CachePages.pollHealth(endpoint, ledger: control.ledger, stop: control.stop)
            }
        }
        let reload = Task { await watch.run() }
        let signalled = Task {
            // Only signals after the first reach the handler; the first one shows in the flag.
            while !control.stop.isRaised {
                if first.isRaised {
                    signals.received == SIGUSR1 ? watch.readNow() : control.end()
                    return
                }
                try? await Task.sleep(nanoseconds: 20_000_000)
            }
        }
        defer { for task in [health, reload, signalled] { task.cancel() } }
        let outcome = await server.result
        control.stop.raise()
        await pages.stop()
        try outcome.get()
        guard let zone = control.loopingZone else { return 0 }
        return refuse("forwarding loop detected for zone \(zone)", 1)
    }

    private static func refuse(_ sentence: String, _ status: Int32) -> Int32 {
        say("reference cache: \(sentence)")
        return status
    }

    /// Writes a line to standard error.
    private static func say(_ sentence: String) {
        let line = Array("\(sentence)\n".utf8)
        _ = line.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
    }
}

/// The arguments of the role.
struct CacheRoleOptions {
    /// An argument that is not understood.
    struct UsageError: Error { let message: String }

    var corefile = ""
    var profile = CacheProfile.coreDNS1_13
    var defects: [CacheDefect] = []
    var seed: UInt64 = 1
    var serviceNanoseconds: Int64 = 0
    var setupMetrics: Endpoint? = Endpoint(address: .v4(0), port: 9353)

    init(_ arguments: [String]) throws(UsageError) {
        var rest = arguments[...]
        while let option = rest.popFirst() {
            guard let value = rest.popFirst() else { throw UsageError(message: "\(option) needs a value") }
            switch option {
            case "--corefile": corefile = value
            case "--profile":
                guard let known = CacheProfile(rawValue: value) else {
                    throw UsageError(message: "unknown profile '\(value)'")
                }
                profile = known
            case "--defect":
                guard let known = CacheDefect(rawValue: value) else {
                    throw UsageError(message: "unknown defect '\(value)'")
                }
                defects.append(known)
            case "--seed":
                guard let number = UInt64(value) else { throw UsageError(message: "'\(value)' is not a seed") }
                seed = number
            case "--service-time":
                guard let time = Int64(value), time >= 0 else {
                    throw UsageError(message: "'\(value)' is not a time in nanoseconds")
                }
                serviceNanoseconds = time
            case "--setup-metrics":
                guard value == "off" || Endpoint(value) != nil else {
                    throw UsageError(message: "'\(value)' is not an address with a port")
                }
                setupMetrics = Endpoint(value)
            default: throw UsageError(message: "unknown option '\(option)'")
            }
        }
        guard !corefile.isEmpty else { throw UsageError(message: "--corefile is missing") }
    }
}
