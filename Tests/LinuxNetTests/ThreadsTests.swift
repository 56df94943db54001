import DNSWire
import Glibc
import LinuxNet
import Synchronization
import Testing

@Suite("Threads, namespaces and events")
struct ThreadsTests {
    @Test("A thread gives its value or its error back")
    func values() async throws {
        #expect(try await Threads.run(name: "seven") { 7 } == 7)
        #expect(try Threads.runBlocking(name: "eight") { 8 } == 8)
        await #expect(throws: NetError.self) {
            try await Threads.run(name: "fails") { throw NetError(operation: "test", code: EFAULT) }
        }
    }

    @Test("A pinned thread runs on its CPU alone")
    func pinning() throws {
        let cpu = try #require(Threads.allowedCPUs().last)
        #expect(try Threads.runBlocking(name: "pinned", cpu: cpu) { Threads.allowedCPUs() } == [cpu])
    }

    @Test("A CPU that does not exist is an error")
    func badPin() {
        #expect(throws: NetError.self) { try Threads.runBlocking(name: "nowhere", cpu: 1_000) { 1 } }
    }

    @Test(
        "A socket made in a namespace stays there",
        .enabled(if: Privileges.missing([.sysAdmin]).isEmpty, "making a network namespace needs CAP_SYS_ADMIN")
    )
    func namespaceSockets() throws {
        let namespace = try NetworkNamespace.create()
        #expect(!namespace.isSame(as: try NetworkNamespace.current()))
        let server = try namespace.perform { try UDPSocket(boundTo: Endpoint(address: .v4(0x7f00_0001), port: 0)) }
        let target = try server.localEndpoint
        let inside = try namespace.perform { try UDPSocket(connectedTo: target) }
        try inside.send([4, 2])
        let inner = try server.receive(timeoutNanoseconds: 1_000_000_000)
        #expect(inner?.bytes == [4, 2])
        let outside = try UDPSocket(family: .ipv4)
        try outside.send([1], to: target)
        let outer = try server.receive(timeoutNanoseconds: 10_000_000)
        #expect(outer == nil)
        #expect(
            try Threads.runBlocking(name: "inside", namespace: namespace) {
                try NetworkNamespace.current().isSame(as: namespace)
            }
        )
    }

    @Test("A namespace that is not there is named in the error")
    func missingNamespace() {
        let error = #expect(throws: NetError.self) { _ = try NetworkNamespace(path: "/run/netns/absent") }
        #expect(error?.description == "cannot open network namespace /run/netns/absent: No such file or directory")
    }

    @Test("A poll is woken from another thread, and reports the descriptor that is ready")
    func polling() throws {
        var poll = try EventPoll()
        let server = try UDPSocket(boundTo: Endpoint(address: .v4(0x7f00_0001), port: 0))
        try poll.add(server.fd, for: .readable, token: 5)
        try expectReady(&poll, 0, within: 0)
        let waker = poll.waker
        try Threads.runBlocking(name: "waker") { waker.wake() }
        try expectReady(&poll, 1, within: 1_000_000_000)
        let wake = poll[0]
        #expect(wake.token == EventPoll.wakeToken)
        try expectReady(&poll, 0, within: 0)
        let client = try UDPSocket(connectedTo: try server.localEndpoint)
        try client.send([1])
        try expectReady(&poll, 1, within: 1_000_000_000)
        let event = poll[0]
        #expect(event.token == 5 && event.readiness.contains(.readable))
        try poll.remove(server.fd)
        try expectReady(&poll, 0, within: 1_000_000)
    }

    @Test("Usage grows with work, and capabilities are told")
    func process() {
        let before = ProcessUsage.current()
        var sum: UInt64 = 0
        let until = Clock.monotonicNanoseconds() + 20_000_000
        while Clock.monotonicNanoseconds() < until { sum &+= 1 }
        let after = ProcessUsage.current()
        #expect(after.cpuNanoseconds > before.cpuNanoseconds)
        #expect(after.peakResidentBytes > 1_000_000)
        #expect(Set(Privileges.missing(Capability.allCases)).isDisjoint(with: Privileges.effective()))
    }

    @Test("Real time is monotonic time plus an offset read within a narrow bracket")
    func offset() {
        let readings = (0..<20).map { _ in Clock.realtimeOffset() }
        let narrow = readings.min { $0.spreadNanoseconds < $1.spreadNanoseconds }
        let monotonic = Clock.monotonicNanoseconds()
        let real = Clock.realtimeNanoseconds()
        #expect(abs(real - monotonic - (narrow?.offsetNanoseconds ?? 0)) < 50_000_000)
    }

    private func expectReady(_ poll: inout EventPoll, _ expected: Int, within timeout: Int64) throws {
        let ready = try poll.wait(timeoutNanoseconds: timeout)
        #expect(ready == expected)
    }
}
