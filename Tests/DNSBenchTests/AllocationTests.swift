import DNSBench
import DNSWire
import LinuxNet
import Testing

@Suite("Heap use of the load generator")
struct AllocationTests {
    @Test("Ten times the queries leave the heap as it was", .timeLimit(.minutes(3)))
    func steadyHeap() async {
        // In a process of its own, so that no other test's memory is counted.
        await #expect(processExitsWith: .success) {
            // A server that asks for cookies, so that those are kept and sent as well.
            let responder = try Responder(Misbehaviour(cookie: CookieRule()))
            defer { responder.finish() }
            var options = QueryOptions()
            options.clientCookie = 1
            let workload = try numberedWorkload(options: options)
            for (transport, target) in [(LoadTransport.udp, responder.udp), (.tcp, responder.tcp)] {
                var heap: [Int64] = []
                for queries: UInt64 in [10_000, 10_000, 100_000] {
                    let plan = LoadPlan(
                        target: target,
                        transport: transport,
                        model: .closed(outstanding: 50),
                        limit: .queries(queries)
                    )
                    let result = try await LoadEngine.run(plan, workload, stop: StopFlag())
                    #expect(result.counters.answered == queries)
                    heap.append(await settledHeap())
                }
                // One octet a query would be 90,000 more; the first run also pays for what is made once.
                #expect(heap[2] - heap[1] < 90_000, "\(transport): \(heap)")
            }
        }
    }
}

/// The least heap in use within 400 ms, in which the responder lets go of the connections that have ended.
func settledHeap() async -> Int64 {
    var least = Int64.max
    for _ in 0..<20 {
        least = min(least, Int64(clamping: ProcessUsage.heapBytes))
        try? await Task.sleep(nanoseconds: 20_000_000)
    }
    return least
}
