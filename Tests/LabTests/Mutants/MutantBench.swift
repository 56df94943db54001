import Conformance
import DNSWire
import LinuxNet
import Testing

@testable import Harness
@testable import Lab

/// Healthy caches that follow the RFCs, with scripted upstreams, on loopback.
final class MutantBench: Sendable {
    private let zone = KubernetesZone(services: 5)
    private let cluster: Endpoint
    private let external: Endpoint
    private let stop = StopFlag()

    init() throws {
        cluster = try Self.serve(ScriptedResponder(cluster: zone), until: stop)
        external = try Self.serve(ScriptedResponder(external: ExternalNames()), until: stop)
    }

    /// Starts a cache that holds nothing yet; whoever asks for it ends it.
    func cache() throws -> RunningCache {
        try RunningCache(profile: .rfc, cluster: cluster, external: external)
    }

    /// Where checks run against a cache, or against what stands before one.
    func context(target: Endpoint) throws -> CheckContext {
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
            target: target,
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
        return context
    }

    /// Runs a check by its requirement alone against a new cache whose answers are changed; nil leaves them as they are.
    func run(_ id: String, through mutation: MessageMutation?) async throws -> CheckOutcome {
        let cache = try cache()
        defer { cache.end() }
        let proxy = try MutatingProxy(before: cache.endpoint)
        defer { proxy.end() }
        proxy.apply(mutation)
        let runner = CheckRunner(
            catalogue: Self.catalogue,
            context: try context(target: proxy.endpoint),
            options: CheckRunOptions(isStrict: true, seed: .random(in: 0 ... .max)),
            stop: stop
        )
        let outcomes = try await runner.run(CheckSelection(ids: [id]))
        if let mutation { #expect(proxy.changed > 0, "no answer to \(id) has what '\(mutation)' changes") }
        return try #require(outcomes.first)
    }

    private static let catalogue = (try? CheckCatalogue.builtin()) ?? CheckCatalogue(checks: [])

    /// Ends the upstreams within a fraction of a second.
    func end() { stop.raise() }

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
