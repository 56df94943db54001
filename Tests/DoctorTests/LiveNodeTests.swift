import DNSWire
import LinuxNet
import NodeLocal
import Testing

@testable import Doctor

@Suite("A look at this machine", .serialized, .timeLimit(.minutes(1)))
struct LiveNodeTests {
    private static let loopback = IPAddress.v4(0x7F00_0001)

    private func context(cache: Endpoint, clusterDNS: Endpoint) throws -> DoctorContext {
        let text = """
            cluster.local:\(cache.port) {
              bind \(cache.address)
              forward . \(clusterDNS) {
                force_tcp
              }
              prometheus 127.0.0.1:9253
            }
            .:\(cache.port) {
              bind \(cache.address)
              forward . 192.0.2.53
              prometheus 127.0.0.1:9253
            }
            """
        let corefile = try Corefile.parse(text, file: "Corefile")
        var context = DoctorContext(cache: cache, clusterDNS: clusterDNS, corefile: corefile)
        context.windowNanoseconds = 50_000_000
        context.queryTimeoutNanoseconds = 500_000_000
        context.metrics = nil
        return context
    }

    private func pages(_ cache: Endpoint) async throws -> (HTTPResponder, Endpoint) {
        let listener = try TCPListener(bindTo: Endpoint(address: Self.loopback, port: 0))
        let endpoint = try listener.localEndpoint
        let metrics = """
            coredns_build_info{version="1.13.1"} 1
            coredns_plugin_enabled{name="cache",server="dns://\(cache)",view="",zone="cluster.local."} 1
            coredns_plugin_enabled{name="cache",server="dns://\(cache)",view="",zone="."} 1

            """
        let responder = try await HTTPResponder(listening: listener.release()) { path in
            switch path {
            case "/health": HTTPReply(status: 200, text: "OK")
            case "/metrics": HTTPReply(status: 200, text: metrics)
            default: HTTPReply(status: 404)
            }
        }
        return (responder, endpoint)
    }

    private func statuses(_ findings: [Finding]) -> [FindingID: FindingStatus] {
        Dictionary(uniqueKeysWithValues: findings.map { ($0.id, $0.status) })
    }

    @Test("a cache that stands here with its pages and a TCP connection upstream passes what can be read")
    func healthy() async throws {
        let cache = try StandInServer(address: Self.loopback)
        let cluster = try StandInServer(address: .v4(0x7F00_0002))
        let (responder, pages) = try await pages(cache.endpoint)
        var context = try context(cache: cache.endpoint, clusterDNS: cluster.endpoint)
        context.health = pages
        context.metrics = pages
        // The stand-in cache and this test are one process, so that this is the cache's own upstream connection.
        let upstream = try TCPStream.connect(to: cluster.endpoint, timeoutNanoseconds: 1_000_000_000)
        let findings = await Doctor.examine(context, stop: StopFlag())
        try upstream.shutdownWrite()
        await responder.stop()
        cache.end()
        cluster.end()
        let machineWide: Set<FindingID> = [
            .udpCounters, .tcpListenCounters, .tcpSynRetransmits, .conntrackFill, .conntrackEntries, .clockStep,
            .softnetDrops, .receiveBuffers, .conntrackCounters, .notrackRules, .notrackOrder, .acceptRules,
            .ruleDuplicates, .ruleBackend, .proxyMode, .installVariant, .ipvsService, .ipvsConnections, .ipvsSettings,
            .cacheArguments, .reversePathFilter, .cacheThrottling, .cacheMemory, .setupErrors, .kubeletClusterDNS,
            .podResolvers, .cacheBypass, .clusterSoftware,
            .resolverLoop, .hostNamespace, .lookPrivileges, .upstreamTransport, .cacheCapacity, .servfailShare,
        ]
        for finding in findings where !machineWide.contains(finding.id) {
            #expect(finding.status == .pass, "\(finding.id.rawValue): \(finding.read)")
        }
        #expect(findings.map(\.id) == FindingID.allCases)
    }

    @Test("a cache without TCP and pages, and a UDP socket to its force_tcp upstream, are each found")
    func faulty() async throws {
        let cache = try StandInServer(address: Self.loopback, rcode: .servFail, isServingTCP: false)
        let cluster = try StandInServer(address: .v4(0x7F00_0002))
        var context = try context(cache: cache.endpoint, clusterDNS: cluster.endpoint)
        let unused = try TCPListener(bindTo: Endpoint(address: Self.loopback, port: 0)).localEndpoint
        context.health = unused
        context.metrics = unused
        let upstream = try UDPSocket(connectedTo: cluster.endpoint)
        let statuses = statuses(await Doctor.examine(context, stop: StopFlag()))
        #expect(try upstream.localEndpoint.address.isIPv4)
        cache.end()
        cluster.end()
        let failing: [FindingID] = [
            .cacheAnswersUDP, .cacheAnswersTCP, .cacheMisses, .health, .metrics, .upstreamUDPSockets,
        ]
        for id in failing { #expect(statuses[id] == .fail, "\(id.rawValue)") }
        for id: FindingID in [.cacheAddress, .cacheListeners, .clusterAnswersUDP, .clusterAnswersTCP] {
            #expect(statuses[id] == .pass, "\(id.rawValue)")
        }
        #expect(statuses[.corefileInForce] == .skip)
    }

    @Test(
        "a node without the address, without a listener and without routes fails in each of them",
        .enabled(if: Privileges.missing([.sysAdmin]).isEmpty, "a network namespace needs CAP_SYS_ADMIN")
    )
    func absent() async throws {
        let nowhere = Endpoint(address: .v4(0xC612_0001), port: 53)
        var context = try context(cache: nowhere, clusterDNS: nowhere)
        context.queryTimeoutNanoseconds = 50_000_000
        // Nothing leaves this machine: the namespace has a loopback interface and no route beyond it.
        context.namespace = try NetworkNamespace.create()
        let statuses = statuses(await Doctor.examine(context, stop: StopFlag()))
        for id: FindingID in [.cacheAddress, .cacheListeners, .cacheAnswersUDP, .cacheAnswersTCP] {
            #expect(statuses[id] == .fail, "\(id.rawValue)")
        }
        for id: FindingID in [.cacheRoute, .notrackRules, .acceptRules] {
            #expect(statuses[id] == .fail, "\(id.rawValue)")
        }
        #expect(statuses[.foreignListener] == .pass)
        #expect(statuses[.upstreamUDPSockets] == .inconclusive)
        #expect(statuses[.socketDrops] == .skip)
    }

    @Test("a raised stop flag ends the look at once, and what was not read is skipped")
    func stopped() async throws {
        let stop = StopFlag()
        stop.raise()
        var context = try context(
            cache: Endpoint(address: Self.loopback, port: 9),
            clusterDNS: Endpoint(address: Self.loopback, port: 9)
        )
        context.windowNanoseconds = 3_600_000_000_000
        let statuses = statuses(await Doctor.examine(context, stop: stop))
        for id: FindingID in [.cacheAnswersUDP, .socketDrops, .clockStep, .conntrackEntries] {
            #expect(statuses[id] == .skip, "\(id.rawValue)")
        }
    }
}
