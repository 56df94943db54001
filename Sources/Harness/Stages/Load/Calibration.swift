import DNSBench
import DNSWire
import Lab
import LinuxNet

/// Measures what the generator can do where the server costs next to nothing.
enum Calibration {
    private static let nanoseconds: Int64 = 500_000_000
    private static let windowOfThread = 100

    /// Answers a second from an echo on loopback in this process, over half a second.
    ///
    /// The echo takes a CPU of its own; on a machine that has none to spare the figure is what is left to both.
    static func answersPerSecond(
        transport: DNSBench.LoadTransport,
        threads: Int,
        stop: StopFlag
    ) async throws -> Double {
        var options = EchoOptions(endpoint: Endpoint(address: .v4(0x7f00_0001), port: 0))
        options.servesUDP = transport == .udp
        options.servesTCP = transport == .tcp
        let echo = try EchoResponder(options)
        defer { echo.finish() }
        let workload = try Workload.queries(
            [WorkloadQuery(name: try DNSName("kubernetes.default.svc.cluster.local"), type: .a)],
            popularity: .sequential,
            seed: 0
        )
        let plan = LoadPlan(
            target: echo.endpoint,
            transport: transport,
            model: .closed(outstanding: windowOfThread * threads),
            limit: .duration(nanoseconds: nanoseconds),
            connections: transport == .udp ? threads : 8 * threads,
            threads: threads
        )
        return try await LoadEngine.run(plan, workload, stop: stop).achievedQueriesPerSecond
    }
}
