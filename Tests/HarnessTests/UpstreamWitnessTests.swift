import Capture
import DNSWire
import Doctor
import Glibc
import LinuxNet
import Testing

@testable import Harness

@Suite("Witnesses beside the wire")
struct UpstreamWitnessTests {
    private static let proven = Proof(id: "force-tcp", verdict: .proven, reason: "All over TCP.")

    private func heard(
        udp: UInt64?,
        tcp: UInt64?,
        udpSockets: Int?,
        cache: SocketOwner? = nil,
        on proof: Proof = proven
    ) -> Proof {
        UpstreamWitnesses(
            before: .init(udp: udp.map { _ in 7 }, tcp: tcp.map { _ in 5 }, udpSockets: 0, tcpSockets: 0),
            after: .init(
                udp: udp.map { $0 + 7 },
                tcp: tcp.map { $0 + 5 },
                udpSockets: udpSockets,
                tcpSockets: 3,
                cache: cache
            )
        ).heard(on: proof)
    }

    @Test("Witnesses that agree are named, those that were not heard are not")
    func agree() {
        let both = heard(udp: 0, tcp: 60, udpSockets: 0)
        #expect(both.verdict == .proven)
        #expect(both.reason.contains("60 exchanges with the cluster DNS over TCP and 0 over UDP"))
        #expect(both.reason.contains("3 TCP connections and 0 connected UDP sockets"))
        let none = UpstreamWitnesses(before: .init(), after: .init()).heard(on: Self.proven)
        #expect(none.verdict == .proven && none.reason == "All over TCP.")
    }

    @Test("A witness that saw UDP takes the proof, and nothing turns a violation into less")
    func contradict() {
        #expect(heard(udp: 1, tcp: 60, udpSockets: 0).verdict == .inconclusive)
        // A socket may be another program's.
        #expect(heard(udp: nil, tcp: nil, udpSockets: 1).verdict == .proven)
        let cache = SocketOwner(processID: 812, name: "coredns")
        let own = heard(udp: nil, tcp: nil, udpSockets: 1, cache: cache)
        #expect(own.verdict == .inconclusive && own.reason.contains("coredns (pid 812)"), "\(own.reason)")
        #expect(heard(udp: nil, tcp: nil, udpSockets: 0, cache: cache).verdict == .proven)
        let violated = Proof(id: "force-tcp", verdict: .violated, reason: "UDP.")
        #expect(heard(udp: 9, tcp: 60, udpSockets: 2, on: violated).verdict == .violated)
    }

    @Test("The sockets of the process that listens are told from those of others")
    func holder() async throws {
        let namespace = try NetworkNamespace.create()
        let listen = Endpoint(address: .v4(0x7F00_0001), port: 53)
        let server = Endpoint(address: .v4(0x7F00_0002), port: 53)
        let (own, foreign) = try namespace.perform {
            let listener = try UDPSocket(boundTo: listen)
            let upstream = try UDPSocket(connectedTo: server)
            let rows = (udp: SocketRow.rows(.udp, port: 53), tcp: SocketRow.rows(.tcp, port: 53))
            var own = UpstreamWitnesses.Reading()
            own.count(rows.udp, rows.tcp, to: [server.address], listen: [listen])
            var foreign = UpstreamWitnesses.Reading()
            foreign.count(rows.udp, rows.tcp, to: [server.address], listen: [server])
            _ = (listener.fd, upstream.fd)
            return (own, foreign)
        }
        #expect(own.udpSockets == 1 && own.cache?.processID == getpid(), "\(own)")
        #expect(foreign.udpSockets == 1 && foreign.cache == nil, "\(foreign)")
    }
}
