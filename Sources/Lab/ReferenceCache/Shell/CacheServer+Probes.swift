import DNSWire
import LinuxNet

/// A round of health checks of one upstream: `. NS` until one is answered (plugin/pkg/proxy/health.go).
final class HealthProbe {
    let upstream: UpstreamGroup.Upstream
    let group: UpstreamGroup
    var socket: UpstreamSocket?
    /// Counts checks, so that a deadline of an earlier one is recognised.
    var number = 0

    init(_ upstream: UpstreamGroup.Upstream, _ group: UpstreamGroup) {
        self.upstream = upstream
        self.group = group
    }
}

/// The question with which a server block finds out whether it forwards to itself (plugin/loop).
final class LoopProbe {
    let engine: CacheEngine
    let block: Int
    let name: DNSName
    let target: Endpoint
    /// When the last try may begin.
    let deadline: Int64
    var socket: UpstreamSocket?
    /// Counts tries, so that a deadline of an earlier one is recognised.
    var number = 0

    init(_ engine: CacheEngine, block: Int, name: DNSName, target: Endpoint, deadline: Int64) {
        self.engine = engine
        self.block = block
        self.name = name
        self.target = target
        self.deadline = deadline
    }
}

extension CacheServer {
    private static let checkTimeout: Int64 = 1_000_000_000
    private static let loopTimeout: Int64 = 2_000_000_000

    // MARK: Health of upstreams

    /// Starts a round of checks unless one is under way.
    func startHealthChecks(of upstream: UpstreamGroup.Upstream, _ group: UpstreamGroup) {
        guard !upstream.isProbing else { return }
        upstream.isProbing = true
        ask(HealthProbe(upstream, group))
    }

    /// Sends one check, on a connection of its own.
    func ask(_ probe: HealthProbe) {
        guard engine.groups.contains(where: { $0 === probe.group }) else { return }
        let now = Clock.monotonicNanoseconds()
        let transport: QueryTransport = probe.group.settings.transport == .tcp ? .tcp : .udp
        probe.number += 1
        do throws(NetError) {
            let socket = try UpstreamSocket(
                to: probe.upstream.endpoint,
                transport: transport,
                token: newToken(),
                now: now
            )
            probe.socket = socket
            watch(
                socket.fd,
                .upstream(socket, .health(probe)),
                for: transport == .tcp ? .writable : .readable,
                token: socket.token
            )
            timers.insert(.health(probe, number: probe.number), at: now + Self.checkTimeout)
            if transport == .udp { try socket.send(question(.root, type: 2)) }
        } catch {
            failed(probe)
        }
    }

    /// The socket of a check can be read, or its handshake has ended.
    func ready(_ socket: UpstreamSocket, _ probe: HealthProbe) {
        do throws(NetError) {
            if case .connecting = socket.state {
                try socket.finishConnecting()
                try poll.modify(socket.fd, for: .readable, token: socket.token)
                try socket.send(question(.root, type: 2))
                return
            }
            switch try socket.receive() {
            case .nothing: return
            case .ended: failed(probe)
            case .message:
                // Whatever has come back, the upstream is there.
                probe.number += 1
                probe.upstream.fails = 0
                probe.upstream.isProbing = false
                probe.socket = nil
                discard(socket)
            }
        } catch {
            failed(probe)
        }
    }

    /// A check was not answered in time.
    func timedOut(_ probe: HealthProbe, number: Int) {
        if probe.number == number, probe.socket != nil { failed(probe) }
    }

    private func failed(_ probe: HealthProbe) {
        if let socket = probe.socket { discard(socket) }
        probe.socket = nil
        probe.number += 1
        probe.upstream.fails = probe.upstream.fails &+ 1
        let label = probe.upstream.label
        control.ledger.record { $0.healthCheckFailures[label, default: 0] += 1 }
        timers.insert(
            .healthAgain(probe),
            at: Clock.monotonicNanoseconds() + probe.group.settings.healthCheckNanoseconds
        )
    }

    // MARK: Loop detection

    /// Starts to ask the block's own address for a name that nobody else can know.
    func startLoopProbe(_ engine: CacheEngine, block: Int, zone: DNSName, to target: Endpoint) {
        // Not from the seed: two caches with one seed must not take each other's probes for their own.
        let labels = (0..<2).map { _ in String(UInt64.random(in: 0...UInt64(Int64.max))) }
        guard let inner = try? zone.prepending(label: labels[1]), let name = try? inner.prepending(label: labels[0])
        else { return }
        engine.core.watchLoop(name.lowercased.wire, block: block)
        let deadline = Clock.monotonicNanoseconds() + 30_000_000_000
        let address = target.address.isUnspecified ? target.address.loopback : target.address
        ask(
            LoopProbe(
                engine,
                block: block,
                name: name,
                target: Endpoint(address: address, port: target.port),
                deadline: deadline
            )
        )
    }

    /// Sends the probe.
    func ask(_ probe: LoopProbe) {
        let now = Clock.monotonicNanoseconds()
        guard probe.engine === engine, now < probe.deadline else {
            probe.engine.core.watchLoop(nil, block: probe.block)
            return
        }
        probe.number += 1
        do throws(NetError) {
            let socket = try UpstreamSocket(to: probe.target, transport: .udp, token: newToken(), now: now)
            probe.socket = socket
            watch(socket.fd, .upstream(socket, .loop(probe)), for: .readable, token: socket.token)
            timers.insert(.loop(probe, number: probe.number), at: now + Self.loopTimeout)
            try socket.send(question(probe.name, type: 13))
        } catch {
            failed(probe)
        }
    }

    /// The probe's answer may be there.
    func ready(_ socket: UpstreamSocket, _ probe: LoopProbe) {
        do throws(NetError) {
            guard case .message = try socket.receive() else { return }
        } catch {
            failed(probe)
            return
        }
        probe.number += 1
        probe.socket = nil
        discard(socket)
        timers.insert(
            .loopSeen(probe.engine, block: probe.block),
            at: Clock.monotonicNanoseconds() + 2_000_000_000
        )
    }

    /// The probe was not answered in time.
    func timedOut(_ probe: LoopProbe, number: Int) {
        if probe.number == number, probe.socket != nil { failed(probe) }
    }

    private func failed(_ probe: LoopProbe) {
        if let socket = probe.socket { discard(socket) }
        probe.socket = nil
        probe.number += 1
        if probe.engine === engine { engine.core.watchLoop(probe.name.lowercased.wire, block: probe.block) }
        timers.insert(.loopAgain(probe), at: Clock.monotonicNanoseconds() + 1_000_000_000)
    }

    private func question(_ name: DNSName, type: UInt16) -> [UInt8] {
        UInt16(truncatingIfNeeded: random.next()).octets + [1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + name.wire + type.octets
            + [0, 1]
    }
}

extension IPAddress {
    /// 0.0.0.0 or ::.
    fileprivate var isUnspecified: Bool { bytes.allSatisfy { $0 == 0 } }
    /// The loopback address of the same family.
    fileprivate var loopback: IPAddress {
        switch self {
        case .v4: .v4(0x7F00_0001)
        case .v6: .v6(0, 1)
        }
    }
}
