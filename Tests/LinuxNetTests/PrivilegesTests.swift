import DNSWire
import LinuxNet
import Testing

@Suite("Privileges")
struct PrivilegesTests {
    @Test(
        "Root can be dropped for good, and open sockets stay usable",
        .enabled(if: Privileges.isRoot, "only root can drop root")
    )
    func dropRoot() async {
        await #expect(processExitsWith: .success) {
            let server = try UDPSocket(boundTo: Endpoint(address: .v4(0x7f00_0001), port: 0))
            let client = try UDPSocket(connectedTo: try server.localEndpoint)
            try Privileges.dropRoot()
            try client.send([1, 2])
            let received = try server.receive(timeoutNanoseconds: 1_000_000_000)
            precondition(received?.bytes == [1, 2])
            precondition(!Privileges.isRoot && Privileges.effective().isEmpty)
            let inOtherThread = try Threads.runBlocking(name: "other") { Privileges.effective() }
            precondition(inOtherThread.isEmpty)
            try Privileges.dropRoot()
        }
    }

    @Test(
        "A thread keeps the capabilities it names and no others",
        .enabled(if: Privileges.missing([.netRaw, .netAdmin]).isEmpty, "needs CAP_NET_RAW and CAP_NET_ADMIN")
    )
    func dropCapabilities() async {
        await #expect(processExitsWith: .success) {
            let left = try Threads.runBlocking(name: "dropper") {
                try Privileges.dropCapabilities(keeping: [.netRaw])
                return Privileges.effective()
            }
            precondition(left == [.netRaw])
            precondition(Privileges.missing([.netRaw, .netAdmin]).isEmpty)
        }
    }
}
