import DNSWire
import Glibc
import LinuxNet
import Synchronization
import SystemPackage

/// Faults of the cache's process and files.
extension Lab {
    func perform(_ act: FaultStaging.CacheAct, _ stop: StopFlag) async throws(LabError) -> String {
        switch act {
        case .kill:
            try await stopCache(SIGKILL)
            return "the cache ended by SIGKILL"
        case .freeze: return try await freeze()
        case .throttle: return try await throttle(stop)
        case .limitDescriptors: return try await limitDescriptors()
        case .startOnBadCorefile: return try await startOnBadCorefile()
        case .reloadBadCorefile: return try await reloadBadCorefile()
        case .duplicate: return try await duplicate(stop)
        case .moveRulesToLegacy: return try await moveRulesToLegacy()
        case .pointKubeletAtCluster:
            try directory.write(PodCommand.kubeletText(clusterDNS: LabLayout.clusterDNS.address), to: kubeletPath)
            return "\(PodCommand.kubeletFile) names \(LabLayout.clusterDNS.address)"
        }
    }

    private func freeze() async throws(LabError) -> String {
        let program = try cacheProgramID()
        guard kill(program, SIGSTOP) == 0 else { throw .options("process \(program) is gone") }
        // A stopped process cannot end by itself when the lab is taken down.
        atEnd { kill(program, SIGCONT) }
        let deadline = Clock.deadline(after: 2_000_000_000)
        while Self.state(of: program) != "T" {
            guard Clock.monotonicNanoseconds() < deadline else { throw .options("process \(program) goes on") }
            try? await Task.sleep(nanoseconds: 5_000_000)
        }
        return "process \(program) is in state T"
    }

    private func throttle(_ stop: StopFlag) async throws(LabError) -> String {
        let program = try cacheProgramID()
        let group = try CPUGroup(name: "nldns-lab-\(getpid())-\(program)")
        atEnd { group.remove() }
        try group.limit(microseconds: 2_000, of: 100_000)
        try group.add(program)
        _ = try await disturb(.load, ["\(LabLayout.cache)"], stop)
        let deadline = Clock.deadline(after: 10_000_000_000)
        while true {
            if let count = group.throttledPeriods, count > 0 {
                return "\(group.path) has throttled process \(program) \(count) times"
            }
            guard Clock.monotonicNanoseconds() < deadline else {
                throw .options("\(group.path) has not throttled the cache within 10 s")
            }
            try? await Task.sleep(nanoseconds: 20_000_000)
        }
    }

    private func limitDescriptors() async throws(LabError) -> String {
        let program = try cacheProgramID()
        let used = LabDirectory.entries(of: "/proc/\(program)/fd").count
        guard used > 0 else { throw .options("the descriptors of process \(program) cannot be counted") }
        // More than half is taken, and there is room for what a look at the node needs.
        let limit = used * 19 / 10
        try await LabCommand.run(.prlimit, ["--pid", "\(program)", "--nofile=\(limit):\(limit)"], namespace: nil)
        return "process \(program) has \(used) of \(limit) descriptors"
    }

    private func startOnBadCorefile() async throws(LabError) -> String {
        let bad = try spoiled(.placeholder)
        try await stopCache(SIGTERM)
        let command = state.withLock { state in
            for path in state.command.corefilePaths { state.command.files[path] = bad }
            return state.command
        }
        let cache = try Self.start(command, in: network, executable: executable, directory: directory)
        let hasEnded = await cache.waitForEnd(deadline: Clock.deadline(after: 10_000_000_000))
        await cache.stop()
        guard hasEnded else { throw .options("the cache runs with the placeholder all the same") }
        return "the cache ended at once: \(cache.logTail.split(separator: "\n").last.map(String.init) ?? "no word")"
    }

    private func reloadBadCorefile() async throws(LabError) -> String {
        let bad = try spoiled(.placeholder)
        do throws(LabError) {
            try await putCorefile(bad)
        } catch {
            guard case .corefile(let line) = error else { throw error }
            return "the cache refused it: \(line)"
        }
        throw .options("the cache took the Corefile with the placeholder")
    }

    private func spoiled(_ change: FaultyCorefile) throws(LabError) -> String {
        guard let text = corefileInForce else { throw .options("the cache reads no Corefile") }
        return try Self.seen(change.applied(to: text), "the Corefile has no zone . that binds an address")
    }

    /// Starts a second cache beside the first, without pages, as their ports are taken.
    private func duplicate(_ stop: StopFlag) async throws(LabError) -> String {
        try requireNode()
        guard var text = corefileInForce else { throw .options("the cache reads no Corefile") }
        for plugin in ["health", "prometheus"] {
            text = FaultyCorefile.without(plugin: plugin).applied(to: text) ?? text
        }
        let path = "\(directory.path)/second.corefile"
        try directory.write(text, to: path)
        let part = try LabPart(
            name: "the second cache",
            command: [executable, "lab-role", "cache", "--corefile", path, "--setup-metrics", "off"],
            namespace: network.path(of: network.node),
            logPath: "\(directory.path)/second.log"
        )
        state.withLock { $0.servers.append(part) }
        let deadline = Clock.deadline(after: 10_000_000_000)
        while true {
            try part.check(stop)
            if let processID = part.processID, Self.holdsPort53(processID) {
                return "process \(processID) is a second cache"
            }
            guard Clock.monotonicNanoseconds() < deadline else { throw .options("the second cache did not bind") }
            try? await Task.sleep(nanoseconds: 20_000_000)
        }
    }

    private func moveRulesToLegacy() async throws(LabError) -> String {
        try requireNode()
        _ = try LabTool.iptablesLegacy.find()
        let node = network.path(of: network.node)
        let address = "\(LabLayout.cache.address)"
        for transport in ["tcp", "udp"] {
            for (table, chain, words) in [
                ("raw", "PREROUTING", ["-d", address, "--dport", "53", "-j", "NOTRACK"]),
                ("raw", "OUTPUT", ["-s", address, "--sport", "53", "-j", "NOTRACK"]),
                ("raw", "OUTPUT", ["-d", address, "--dport", "53", "-j", "NOTRACK"]),
                ("filter", "INPUT", ["-d", address, "--dport", "53", "-j", "ACCEPT"]),
                ("filter", "OUTPUT", ["-s", address, "--sport", "53", "-j", "ACCEPT"]),
            ] {
                let rule = ["-t", table, "-A", chain, "-p", transport] + words
                try await LabCommand.run(.iptablesLegacy, rule, namespace: node)
            }
        }
        let script = "flush table ip raw\nflush table ip filter\n"
        try await LabCommand.run(.nft, ["-f", "-"], namespace: node, input: script)
        let listed = try await LabCommand.run(.iptablesLegacy, ["-t", "raw", "-S"], namespace: node)
        return try Self.seen(listed.contains(address) ? "iptables-legacy -S lists them" : nil, "it lists no rule")
    }

    /// The state letter of a process (`/proc/<pid>/stat`).
    private static func state(of process: Int32) -> String? { LabProcess.stateLetter(of: process) }

    /// Whether a process holds at least one TCP listener in its namespace; it has no other port than 53.
    private static func holdsPort53(_ process: Int32) -> Bool {
        let table = ProcText.read("/proc/\(process)/net/tcp")
        let listening = table.split(separator: "\n").filter { $0.contains(":0035 00000000:0000 0A") }.compactMap {
            $0.split(separator: " ").dropFirst(9).first.map { "socket:[\($0)]" }
        }
        let links = LabDirectory.entries(of: "/proc/\(process)/fd").map { ProcText.link("/proc/\(process)/fd/\($0)") }
        return !Set(listening).isDisjoint(with: links)
    }
}
