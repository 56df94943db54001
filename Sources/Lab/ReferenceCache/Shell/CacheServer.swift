import DNSWire
import LinuxNet

/// The sockets around a ``CacheCore``: one thread, one poll, everything non-blocking.
///
/// The thread that makes it must be the one that runs it; other threads reach it through its ``CacheControl``.
final class CacheServer {
    /// What a descriptor of the poll belongs to.
    enum Channel {
        case datagrams(UDPListener, index: Int)
        case connections(TCPAcceptor, index: Int)
        case client(TCPClient)
        case upstream(UpstreamSocket, Use)
    }

    /// What a socket to an upstream is used for.
    enum Use {
        case exchange(Exchange)
        case health(HealthProbe)
        case loop(LoopProbe)
    }

    /// What happens at an instant.
    enum Timer {
        case attempt(Exchange, number: Int)
        case reading(UInt64)
        case delayed(CacheCore.Answer, AnswerPath)
        case health(HealthProbe, number: Int)
        case healthAgain(HealthProbe)
        case loop(LoopProbe, number: Int)
        case loopAgain(LoopProbe)
        case loopSeen(CacheEngine, block: Int)
        case sweep(UpstreamGroup)
        case refetch(CacheCore.Miss)
        case connectLate(Exchange)
        case attemptAgain(Exchange)
    }

    let rules: CacheRules
    let control: CacheControl
    let seed: UInt64
    var engine: CacheEngine
    var random: SplitMix
    /// The last message ID where they are counted up.
    var lastIdentifier: UInt16 = 0
    /// Where the last datagram came from.
    var lastClient: Endpoint?
    var poll: EventPoll
    var channels: [UInt64: Channel] = [:]
    var timers = DeadlineQueue<Timer>()
    /// Exchanges whose next attempt is due now; kept apart so that a refused connection cannot recurse.
    var due: [Exchange] = []
    /// Exchanges that later queries with the same cache key can join.
    var joinable: [UInt64: Exchange] = [:]
    /// Listeners with answers that have not been flushed.
    var unflushed: [UInt64: UDPListener] = [:]
    private var nextToken: UInt64 = 1
    private var listening: Set<Endpoint> = []
    private let answersLost: UInt64?
    /// When an ending server gives up on what is unanswered.
    private var drainEnd: Int64?
    /// Until when answers are lost.
    private var deafUntil: Int64 = 0

    /// Binds all sockets of `configuration`.
    init(_ configuration: CacheConfiguration, rules: CacheRules, control: CacheControl, seed: UInt64) throws(NetError) {
        self.rules = rules
        self.control = control
        self.seed = seed
        answersLost = rules.service.losesOneIn
        random = SplitMix(seed: seed)
        engine = CacheEngine(configuration, rules: rules, ledger: control.ledger, seed: seed)
        poll = try EventPoll()
        control.attach(poll.waker)
        try listen(configuration.listeners)
        if rules.service.listensOnLoopback { try listen([Endpoint(address: .v4(0x7F00_0001), port: 53)]) }
        begin(engine)
    }

    /// Serves until the control says stop or a forwarding loop is found.
    func run() throws(NetError) {
        while !control.stop.isRaised || hasUnanswered {
            let now = Clock.monotonicNanoseconds()
            let wait = due.isEmpty ? max(0, (timers.earliest ?? now + 1_000_000_000) - now) : 0
            let limit: Int64 = control.stop.isRaised ? 50_000_000 : 1_000_000_000
            let count = try poll.wait(timeoutNanoseconds: min(wait, limit))
            for index in 0..<count { handle(poll[index]) }
            let after = Clock.monotonicNanoseconds()
            while let timer = timers.popDue(at: after) { fire(timer, now: after) }
            runDue()
            for listener in unflushed.values { listener.flush() }
            unflushed.removeAll(keepingCapacity: true)
            if let configuration = control.takeConfiguration() { replace(with: configuration) }
            if let block = engine.core.loopingBlock {
                control.noteLoop(zone: engine.core.blocks[block].zonesLabel)
                return
            }
        }
    }

    /// Whether a connection waits for an answer that may still come (coredns core/dnsserver/server.go, Stop).
    private var hasUnanswered: Bool {
        guard rules.service.answersBeforeEnd else { return false }
        let now = Clock.monotonicNanoseconds()
        let end = drainEnd ?? now + 2_000_000_000
        drainEnd = end
        return now < end
            && channels.values.contains { channel in
                if case .client(let client) = channel { client.pending > 0 || !client.outgoing.isEmpty } else { false }
            }
    }

    private func handle(_ event: EventPoll.Event) {
        guard event.token != EventPoll.wakeToken, let channel = channels[event.token] else { return }
        switch channel {
        case .datagrams(let listener, let index): receiveDatagrams(listener, index: index)
        case .connections(let acceptor, let index): accept(acceptor, index: index)
        case .client(let client): ready(client, event.readiness)
        case .upstream(let socket, .exchange(let exchange)): ready(socket, exchange)
        case .upstream(let socket, .health(let probe)): ready(socket, probe)
        case .upstream(let socket, .loop(let probe)): ready(socket, probe)
        }
    }

    private func fire(_ timer: Timer, now: Int64) {
        switch timer {
        case .attempt(let exchange, let number):
            if exchange.attempt == number, exchange.socket != nil { attemptFailed(exchange, now: now) }
        case .reading(let token): deadlinePassed(token, now: now)
        case .delayed(let answer, let path): deliver(answer, path)
        case .health(let probe, let number): timedOut(probe, number: number)
        case .healthAgain(let probe): ask(probe)
        case .loop(let probe, let number): timedOut(probe, number: number)
        case .loopAgain(let probe): ask(probe)
        case .loopSeen(let engine, let block): engine.core.watchLoop(nil, block: block)
        case .sweep(let group): sweep(group, now: now)
        case .refetch(let miss): forward(miss, .nowhere)
        case .connectLate(let exchange): connect(exchange, now: now)
        case .attemptAgain(let exchange): nextAttempt(exchange)
        }
    }

    // MARK: Answers

    /// Sends an answer, later or never where the rules say so.
    func answer(_ answer: CacheCore.Answer, _ path: AnswerPath) {
        if let answersLost, case .udp = path, random.next() % answersLost == 0 {
            account(answer)
            return
        }
        if deafUntil > 0, case .udp = path, Clock.monotonicNanoseconds() < deafUntil { return }
        guard rules.service.holdNanoseconds > 0 else {
            deliver(answer, path)
            return
        }
        timers.insert(
            .delayed(answer, path),
            at: Clock.monotonicNanoseconds() + rules.service.holdNanoseconds
        )
    }

    private func deliver(_ answer: CacheCore.Answer, _ path: AnswerPath) {
        switch path {
        case .udp(let listener, let peer):
            let isForAAAA = answer.report?.type == 28
            if let octets = answer.octets, !isForAAAA || !listener.sendFromAnotherPort(octets, to: peer) {
                listener.queue(octets, to: peer)
                if rules.service.answersTwice { listener.queue(octets, to: peer) }
                unflushed[listener.token] = listener
            }
        case .tcp(let client): send(answer.octets, to: client)
        case .nowhere: return
        }
        account(answer)
    }

    private func account(_ answer: CacheCore.Answer) {
        guard let report = answer.report else { return }
        let now = Clock.monotonicNanoseconds()
        let countsAsUDP = rules.service.countsTCPAsUDP
        control.ledger.record { counters in
            var report = report
            if countsAsUDP { report.transport = .udp }
            report.add(to: &counters, now: now)
        }
    }

    // MARK: Descriptors

    /// A token that no channel has had.
    func newToken() -> UInt64 {
        nextToken += 1
        return nextToken
    }

    /// Watches a descriptor; a failure is as good as a closed socket and shows up there.
    func watch(_ fd: Int32, _ channel: Channel, for readiness: Readiness, token: UInt64) {
        channels[token] = channel
        do throws(NetError) { try poll.add(fd, for: readiness, token: token) } catch { channels[token] = nil }
    }

    private func listen(_ endpoints: [Endpoint]) throws(NetError) {
        for (index, endpoint) in endpoints.enumerated() where !listening.contains(endpoint) {
            let datagrams = try UDPListener(
                endpoint,
                token: newToken(),
                answersFromAnotherPort: rules.service.answersFromAnotherPort
            )
            let connections = try TCPAcceptor(endpoint, token: newToken())
            watch(
                datagrams.socket.fd,
                .datagrams(datagrams, index: index),
                for: .readable,
                token: datagrams.token
            )
            watch(
                connections.listener.fd,
                .connections(connections, index: index),
                for: .readable,
                token: connections.token
            )
            listening.insert(endpoint)
        }
    }

    // MARK: Configuration

    /// Starts what a configuration runs by itself: loop probes and the sweep of idle sockets.
    private func begin(_ engine: CacheEngine) {
        let now = Clock.monotonicNanoseconds()
        for (block, configuration) in engine.configuration.blocks.enumerated() {
            if let group = engine.groups[block] { timers.insert(.sweep(group), at: now + 10_000_000_000) }
            if rules.forwarding.probesLoops, configuration.probesLoop, let target = configuration.listen.first,
                let zone = configuration.zones.first
            {
                startLoopProbe(engine, block: block, zone: zone, to: target)
            }
        }
        let plugins = zip(engine.configuration.blocks, engine.core.blocks).flatMap { block, state in
            zip(block.listen, engine.core.serverLabels).flatMap { _, server in
                state.zoneTexts.flatMap { zone in block.plugins.map { (server: server, zone: zone, name: $0) } }
            }
        }
        control.ledger.record { $0.plugins = plugins }
    }

    /// Puts another configuration into force; on failure the old one stays and the failure is counted.
    private func replace(with configuration: CacheConfiguration) {
        do throws(NetError) {
            try listen(configuration.listeners)
        } catch {
            control.ledger.record { $0.reloadFailures += 1 }
            control.noteReload(isComplete: false)
            return
        }
        for (token, channel) in channels {
            switch channel {
            case .datagrams(let listener, _):
                renumber(token, listener.endpoint, configuration) { .datagrams(listener, index: $0) }
            case .connections(let acceptor, _):
                renumber(token, acceptor.endpoint, configuration) { .connections(acceptor, index: $0) }
            case .client(let client):
                guard let index = configuration.listeners.firstIndex(of: client.endpoint) else {
                    close(client)
                    continue
                }
                client.listener = index
            case .upstream: continue
            }
        }
        listening = Set(configuration.listeners)
        let old = engine
        engine = CacheEngine(configuration, rules: rules, ledger: control.ledger, seed: random.next())
        if rules.caching.survivesReload {
            for index in engine.core.blocks.indices where index < old.core.blocks.count {
                engine.core.blocks[index].success = old.core.blocks[index].success
                engine.core.blocks[index].denial = old.core.blocks[index].denial
            }
        }
        for case .some(let group) in old.groups {
            for upstream in group.upstreams { upstream.idle = [:] }
        }
        begin(engine)
        if rules.service.deafAfterReloadNanoseconds > 0 {
            deafUntil = Clock.monotonicNanoseconds() + rules.service.deafAfterReloadNanoseconds
        }
        if rules.service.countsReloadsFailed { control.ledger.record { $0.reloadFailures += 1 } }
        control.noteReload(isComplete: true)
    }

    private func renumber(
        _ token: UInt64,
        _ endpoint: Endpoint,
        _ configuration: CacheConfiguration,
        _ channel: (Int) -> Channel
    ) {
        channels[token] = configuration.listeners.firstIndex(of: endpoint).map(channel)
    }
}
