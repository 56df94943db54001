import Conformance
import DNSWire
import LinuxNet
import Testing

@testable import Harness
@testable import Lab

@Suite("Every change to an answer is seen by a check", .serialized, .timeLimit(.minutes(10)))
struct MessageMutantTests {
    /// Mutations that change nothing that a client could rely on, with the reason.
    private static let equivalent: [MessageMutation: String] = [:]

    /// Checks that see most mutations; the others run where these see nothing.
    private static let panel = [
        "HDR-01", "HDR-25", "CLT-13", "CLT-14", "EDN-01", "EDN-02", "EDN-07", "EDN-08", "CCH-08", "CCH-34", "CCH-35",
    ]

    @Test("each bit of header and OPT, each count, rcode, record and TTL, each cut and each way of delivery is killed")
    func everyMutation() async throws {
        let bench = try await MutantBench()
        defer { bench.end() }
        let catalogue = try CheckCatalogue.builtin()
        let slow = Set(try KillRecord.read().slow)
        // Only what speaks to the proxy and does not wait; a check that has nothing to look at here is skipped.
        let usable = catalogue.checks.filter { $0.needs.isSubset(of: [.scripted]) && !slow.contains($0.id) }
        let healthy = try await bench.run(usable.map(\.id), concurrency: 16)
        let failed = healthy.filter { ![.pass, .skip].contains($0.status) }
        #expect(failed.isEmpty, "through the proxy that changes nothing: \(failed.map { "\($0.id) \($0.actual)" })")
        let passing = healthy.filter { $0.status == .pass }.map(\.id)
        let panel = Self.panel.filter(passing.contains)
        #expect(panel == Self.panel, "the panel is \(panel)")
        let others = passing.filter { !panel.contains($0) }

        var killed = 0
        var survivors: [MessageMutation] = []
        var idle: [MessageMutation] = []
        let mutations = MessageMutation.all(cuts: 0..<64)
        for mutation in mutations {
            bench.proxy.apply(mutation)
            var outcomes: [CheckOutcome] = []
            for ids in [[panel[0]], Array(panel.dropFirst()), others] {
                outcomes = try await bench.run(ids, concurrency: 16)
                if outcomes.contains(where: { $0.status == .fail }) { break }
            }
            if bench.proxy.fired == 0 { idle.append(mutation) }
            if outcomes.contains(where: { $0.status == .fail }) { killed += 1 } else { survivors.append(mutation) }
        }
        print("message mutants: \(killed) of \(mutations.count) killed by \(passing.count) checks")
        #expect(idle.isEmpty, "these never found anything to change: \(idle)")
        let unexpected = survivors.filter { Self.equivalent[$0] == nil }
        #expect(unexpected.isEmpty, "nothing saw these: \(unexpected)")
        #expect(Self.equivalent.keys.allSatisfy(survivors.contains), "no longer equivalent: remove it from the list")
    }
}

/// A healthy RFC cache with scripted upstreams on loopback, behind a proxy that changes its answers.
final class MutantBench: Sendable {
    let proxy: MutatingProxy
    private let cache: RunningCache
    private let stop: StopFlag
    private let context: CheckContext

    init() async throws {
        let stop = StopFlag()
        self.stop = stop
        let zone = KubernetesZone(services: 5)
        let cluster = try Self.serve(ScriptedResponder(cluster: zone), until: stop)
        let external = try Self.serve(ScriptedResponder(external: ExternalNames()), until: stop)
        cache = try RunningCache(profile: .rfc, cluster: cluster, external: external)
        proxy = try MutatingProxy(before: cache.endpoint)
        func expected(_ zone: String, _ transport: ExpectedZone.Transport, _ upstream: Endpoint) throws -> ExpectedZone
        {
            ExpectedZone(
                zone: try DNSName(zone),
                transport: transport,
                upstreams: [upstream.address],
                successTTLCap: 30,
                denialTTLCap: 5,
                successTTLFloor: 0,
                denialTTLFloor: 0
            )
        }
        var context = CheckContext(
            target: proxy.endpoint,
            expectations: TargetExpectations(zones: [
                try expected("cluster.local", .tcp, cluster), try expected("in-addr.arpa", .tcp, cluster),
                try expected("ip6.arpa", .tcp, cluster), try expected(".", .mirrorsClient, external),
            ])
        )
        context.scripted = ScriptedZones(
            cluster: try DNSName("script.cluster.local"),
            external: try DNSName("script.example.com"),
            reverse: try DNSName("script.168.192.in-addr.arpa")
        )
        context.services = Site.services(of: zone)
        context.clusterDNS = cluster
        self.context = context
    }

    func end() {
        proxy.end()
        cache.end()
        stop.raise()
    }

    /// Runs checks by the requirements alone.
    func run(_ ids: [String], concurrency: Int) async throws -> [CheckOutcome] {
        var random = SystemRandomNumberGenerator()
        let runner = CheckRunner(
            catalogue: try CheckCatalogue.builtin(),
            context: context,
            options: CheckRunOptions(isStrict: true, concurrency: concurrency, seed: random.next()),
            stop: stop
        )
        return try await runner.run(CheckSelection(ids: ids))
    }

    private static func serve(_ responder: ScriptedResponder, until stop: StopFlag) throws -> Endpoint {
        let server = try ScriptedServer(
            listen: [Endpoint(address: .v4(0x7F00_0001), port: 0)],
            responder: responder,
            delayNanoseconds: 0
        )
        let endpoint = server.endpoints[0]
        nonisolated(unsafe) let handed = server
        try Threads.start(name: "scripted") { try? handed.run(until: stop) }.detach()
        return endpoint
    }
}
