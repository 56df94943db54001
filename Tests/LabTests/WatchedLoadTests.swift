import Capture
import DNSBench
import DNSWire
import Lab
import LinuxNet
import Results
import Testing

@testable import Harness

/// A load beside a capture in one namespace: how much of it was seen is measured, not believed.
@Suite("A load beside a capture", .serialized, .enabled(if: LabFixture.isPossible), .timeLimit(.minutes(2)))
struct WatchedLoadTests {
    /// Fires at an echo on the loopback of a namespace of its own.
    private static func watch(
        _ transport: LoadTransport,
        queries: UInt64,
        queriesPerConnection: Int? = nil,
        settings: LiveSettings = LiveSettings(),
        interfaces: [String] = ["lo"],
        elsewhere: Bool = false
    ) async throws -> (seen: LoadCapture?, sent: UInt64, result: CaptureResult) {
        let namespace = try NetworkNamespace.create()
        let server = Endpoint(address: .v4(0x7F00_0001), port: 53)
        let echo = try EchoResponder(EchoOptions(endpoint: server), namespace: namespace)
        defer { _ = echo.finish() }
        let capture = try LiveCapture(
            interfaces: interfaces,
            namespace: elsewhere ? NetworkNamespace.create() : namespace,
            options: CaptureOptions(roles: CaptureRoles(listen: [server])),
            settings: settings
        )
        try capture.start()
        var plan = LoadPlan(
            target: server,
            transport: transport,
            model: .closed(outstanding: 50),
            limit: .queries(queries),
            connections: 4,
            namespace: namespace
        )
        plan.queriesPerConnection = queriesPerConnection
        let questions = try (0..<50).map { WorkloadQuery(name: try DNSName("n\($0).example"), type: .a) }
        let workload = try Workload.queries(questions, seed: 1)
        let (result, seen) = try await WatchedLoad.run(plan, workload, beside: capture, stop: StopFlag())
        return (seen, result.counters.sent, try capture.stop())
    }

    @Test("Every query of a load is found again, over UDP, TCP, and a connection for each few queries")
    func whole() async throws {
        let runs = [
            try await Self.watch(.udp, queries: 20_000),
            try await Self.watch(.tcp, queries: 20_000),
            try await Self.watch(.tcp, queries: 2_000, queriesPerConnection: 10),
        ]
        for run in runs {
            #expect(run.result.report.losses.isEmpty, "\(run.result.report.losses)")
            let seen = try #require(run.seen)
            #expect(seen.sent == run.sent && seen.seen == run.sent, "\(seen)")
            #expect(seen.sentence == "the capture saw each of its \(run.sent) queries")
        }
    }

    @Test("A ring that overflows: what is missing is as much as the load has more than was captured")
    func overflow() async throws {
        var settings = LiveSettings()
        settings.bufferBytes = 4_096
        let run = try await Self.watch(.udp, queries: 200_000, settings: settings)
        #expect(run.result.report.losses.kernelDrops > 0, "the fault fired")
        let seen = try #require(run.seen)
        #expect(seen.seen < seen.sent && seen.seen == run.result.report.messages.queries, "\(seen)")
        #expect(seen.sentence.hasPrefix("the capture missed"))
    }

    @Test("A capture on another path sees none, and says so")
    func otherPath() async throws {
        let run = try await Self.watch(.udp, queries: 100, interfaces: [], elsewhere: true)
        #expect(run.seen == LoadCapture(sent: 100, seen: 0))
        #expect(run.seen?.sentence.contains("does not watch their path") == true)
    }
}
