import DNSWire
import Glibc
import LinuxNet
import NodeLocal
import Synchronization

/// What is done to a running lab; one act at a time.
extension Lab {
    /// How the scripted servers behave towards the cache.
    package enum UpstreamState: Sendable, Hashable {
        /// They answer.
        case on
        /// Nothing arrives at them.
        case off
        /// What arrives is refused: an ICMP error for UDP, a reset for TCP.
        case refuse
    }

    /// How long a cache may take to do what it is told, in nanoseconds.
    private static let patienceNanoseconds: Int64 = 10_000_000_000
    private static let upstreamTable = "table inet nldns_upstream"

    private var isSupervised: Bool { state.withLock { !$0.command.watchesStandardInput } }

    /// Makes the cache read its configuration anew and waits until that is done.
    package func reloadCache() async throws(LabError) {
        let (cache, command) = state.withLock { ($0.cache, $0.command) }
        guard let cache else { throw .options("the cache is stopped and cannot reload") }
        let before = cache.logLines { Self.isReloadLine($0) }.count
        guard let signal = command.reloadSignal else { throw .options("\(command.name) reloads on no signal") }
        try cache.signal(signal, isSupervised: isSupervised)
        guard command.logsReloads else {
            try? await Task.sleep(nanoseconds: 500_000_000)
            return
        }
        let started = Clock.monotonicNanoseconds()
        while true {
            try cache.check(StopFlag())
            let lines = cache.logLines { Self.isReloadLine($0) }
            if lines.count > before {
                if lines[before].contains("complete") { return }
                throw .corefile(lines[before])
            }
            let now = Clock.monotonicNanoseconds()
            guard now - started < Self.patienceNanoseconds else {
                throw .notReady(part: "the reload", waitedNanoseconds: now - started, logTail: cache.logTail)
            }
            try? await Task.sleep(nanoseconds: 5_000_000)
        }
    }

    private static func isReloadLine(_ line: Substring) -> Bool {
        line.contains("Reloading complete") || line.contains("Restart failed") || line.contains("reload failed")
    }

    /// Puts a Corefile into force; one with pillars is not filled here.
    package func putCorefile(_ text: String) async throws(LabError) {
        let paths = state.withLock { $0.command.corefilePaths }
        guard !paths.isEmpty else { throw .options("the cache reads no Corefile") }
        for path in paths { try directory.write(text, to: path) }
        let isRunning = state.withLock { state in
            for path in paths where state.command.files[path] != nil { state.command.files[path] = text }
            state.isCorefileChanged = text != cacheCorefile
            return state.cache != nil
        }
        if isRunning { try await reloadCache() }
    }

    /// The Corefile in force; nil when the cache reads none.
    package var corefileInForce: String? {
        state.withLock { state in state.command.corefilePaths.first.flatMap { state.command.files[$0] } }
    }

    /// Ends the cache by a signal and waits until it has ended.
    package func stopCache(_ signal: Int32) async throws(LabError) {
        let cache = state.withLock { $0.cache }
        guard let cache else { throw .options("the cache is stopped already") }
        // From here on its end is no accident.
        state.withLock { $0.cache = nil }
        try cache.signal(signal, isSupervised: isSupervised)
        _ = await cache.waitForEnd(deadline: Clock.deadline(after: Self.patienceNanoseconds))
        await cache.stop()
    }

    /// Begins a cache that was stopped, and waits until it serves.
    package func startCache() async throws(LabError) {
        let (isRunning, command) = state.withLock { ($0.cache != nil, $0.command) }
        guard !isRunning else { throw .options("the cache is running already") }
        let cache = try Self.start(command, in: network, executable: executable, directory: directory)
        state.withLock { $0.cache = cache }
        try await waitUntilServing(
            deadline: Clock.deadline(after: Self.patienceNanoseconds),
            stop: StopFlag()
        )
    }

    /// Lets queries reach the scripted servers, or not.
    package func setUpstream(_ upstream: UpstreamState) async throws(LabError) {
        let addresses = (endpoints + [external]).map(\.address.description).joined(separator: ", ")
        // Made and deleted, so that it does not matter whether it was there.
        var rules = "\(Self.upstreamTable)\ndelete \(Self.upstreamTable)\n"
        if upstream != .on {
            let (udp, tcp) = upstream == .off ? ("drop", "drop") : ("reject", "reject with tcp reset")
            rules += """
                \(Self.upstreamTable) {
                    chain input {
                        type filter hook input priority -300; policy accept;
                        ip daddr { \(addresses) } udp dport 53 \(udp)
                        ip daddr { \(addresses) } tcp dport 53 \(tcp)
                    }
                }

                """
        }
        try await LabCommand.run(.nft, ["-f", "-"], namespace: network.path(of: network.cluster), input: rules)
        state.withLock { $0.isUpstreamOff = upstream != .on }
    }

    /// Puts the lab back as it was when it began, and waits until the cache answers; does nothing more than look when
    /// nothing was changed.
    package func restore() async throws(LabError) {
        let (isUpstreamOff, isCorefileChanged) = state.withLock { ($0.isUpstreamOff, $0.isCorefileChanged) }
        if isUpstreamOff { try await setUpstream(.on) }
        if isCorefileChanged { try await putCorefile(cacheCorefile) }
        if state.withLock({ $0.cache == nil }) {
            try await startCache()
        } else {
            try await waitUntilServing(
                deadline: Clock.deadline(after: Self.patienceNanoseconds),
                stop: StopFlag()
            )
        }
    }
}
