import DNSBench
import DNSWire
import Doctor
import NodeLocal
import Results
import Testing

@testable import Harness

@Suite("Whose fault a lost query is")
struct LossAttributionTests {
    private static let target = Endpoint(address: .v4(0xa9fe_140a), port: 53)

    private func sockets(drops: Int, address: String = "0A14FEA9:0035") -> [SocketRow] {
        var table = SocketTable(.udp, ports: [53])
        table.add(
            text:
                "   1: \(address) 00000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 99 2 0000000000000000 \(drops)\n"
        )
        return table.rows
    }

    private func conntrack(_ failed: String) -> ConntrackStatistics {
        var table = ConntrackStatistics()
        table.add(text: "entries insert_failed drop early_drop\n00000001 \(failed) 00000000 00000000\n")
        return table
    }

    private func page(queries: Int, replies: Int, failures: Int = 0) throws -> MetricsPage {
        try MetricsPage.parse(
            """
            coredns_build_info{version="1.13.1"} 1
            coredns_dns_requests_total{server="x"} \(queries)
            coredns_dns_responses_total{rcode="NOERROR"} \(replies)
            coredns_proxy_healthcheck_failures_total{to="y"} \(failures)

            """
        )
    }

    private func judge(
        _ change: (inout DNSBench.LoadCounters) -> Void,
        rxDropped: UInt64 = 0,
        before: LossReading = LossReading(client: NetworkSample()),
        after: LossReading = LossReading(client: NetworkSample())
    ) -> LoadLoss {
        var counters = DNSBench.LoadCounters()
        change(&counters)
        let loss = LossAttribution.judge(
            counters,
            rxDropped: rxDropped,
            target: Self.target,
            before: before,
            after: after
        )
        #expect(loss.client + loss.kernel + loss.cache + loss.upstream + loss.unexplained == loss.lost)
        return loss
    }

    @Test("Nothing lost is nobody's fault, whatever the counters did")
    func nothing() {
        let after = LossReading(client: NetworkSample(conntrack: conntrack("000000ff")))
        let before = LossReading(client: NetworkSample(conntrack: conntrack("00000000")))
        let loss = judge({ $0.answered = 5 }, rxDropped: 3, before: before, after: after)
        #expect(loss == LoadLoss(lost: 0))
    }

    @Test("What was not sent, and what our sockets dropped, is the client's, and never more than was lost")
    func client() {
        let loss = judge(
            {
                $0.timedOut = 2
                $0.unsent = 3
                $0.sendErrors = 1
            },
            rxDropped: 9
        )
        #expect(loss.client == 6 && loss.lost == 6 && loss.evidence.count == 3)
    }

    @Test("Drops of the server's socket are the kernel's; those of other sockets are not counted")
    func serverSocket() {
        func reading(_ drops: Int, _ address: String = "0A14FEA9:0035") -> LossReading {
            LossReading(
                client: NetworkSample(),
                server: NetworkSample(sockets: sockets(drops: drops, address: address))
            )
        }
        let loss = judge({ $0.timedOut = 10 }, before: reading(4), after: reading(11))
        #expect(loss.kernel == 7 && loss.unexplained == 3 && loss.evidence[0].contains("4 → 11"))
        // 127.0.0.1:53 is somebody else's; the wildcard address is ours.
        let other = judge(
            { $0.timedOut = 10 },
            before: reading(4, "0100007F:0035"),
            after: reading(11, "0100007F:0035")
        )
        #expect(other.kernel == 0 && other.unexplained == 10)
        let any = judge({ $0.timedOut = 10 }, before: reading(4, "00000000:0035"), after: reading(11, "00000000:0035"))
        #expect(any.kernel == 7)
        // A table that could not be read before says nothing of what the load did; a row that is new says all.
        let unread = LossReading(client: NetworkSample(), server: NetworkSample())
        #expect(judge({ $0.timedOut = 10 }, before: unread, after: reading(11)).kernel == 0)
        let absent = LossReading(client: NetworkSample(), server: NetworkSample(sockets: []))
        #expect(judge({ $0.timedOut = 10 }, before: absent, after: reading(4)).kernel == 4)
        // A counter that went back belongs to a new socket.
        #expect(judge({ $0.timedOut = 10 }, before: reading(40), after: reading(3)).unexplained == 10)
    }

    @Test("Failures of connection tracking are the kernel's, and said to be at most so many")
    func tracking() {
        let before = LossReading(client: NetworkSample(conntrack: conntrack("00000010")))
        let after = LossReading(client: NetworkSample(conntrack: conntrack("00000013")))
        let loss = judge({ $0.timedOut = 5 }, before: before, after: after)
        #expect(loss.kernel == 3 && loss.unexplained == 2 && loss.evidence[0].hasPrefix("at most 3"))
    }

    @Test("A refused port and a late answer are the cache's; with failing health checks, upstream's")
    func cache() throws {
        let refused = judge { counters in
            counters.timedOut = 4
            counters.refusals = 4
        }
        #expect(refused.cache == 4)
        let calm = LossReading(client: NetworkSample(), metrics: try page(queries: 10, replies: 10))
        let silent = LossReading(client: NetworkSample(), metrics: try page(queries: 30, replies: 27))
        #expect(judge({ $0.timedOut = 5 }, before: calm, after: silent).cache == 3)
        let sick = LossReading(client: NetworkSample(), metrics: try page(queries: 30, replies: 27, failures: 2))
        let loss = judge(
            {
                $0.timedOut = 5
                $0.late = 1
            },
            before: calm,
            after: sick
        )
        #expect(loss.upstream == 4 && loss.cache == 0 && loss.unexplained == 1)
        #expect(loss.evidence.allSatisfy { $0.contains("health checks") })
    }
}
