import DNSWire
import Testing

@testable import Doctor

@Suite("Tables of /proc")
struct ProcTableTests {
    private let cache = Endpoint(address: .v4(0xA9FE_140A), port: 53)
    private let clusterDNS = Endpoint(address: .v4(0x0A60_000A), port: 53)

    private func sockets(_ text: String, _ transport: SocketRow.Transport) -> SocketTable {
        var table = SocketTable(transport, ports: [53])
        table.add(text: text)
        return table
    }

    @Test("UDP rows keep address, inode, waiting bytes and drops, and other ports are left out")
    func udpRows() throws {
        let table = sockets(ProcSnippets.udp, .udp)
        #expect(table.malformedLines == 0)
        #expect(table.rows.map(\.inode) == [51239, 20114, 51777])
        let listener = try #require(table.rows.first)
        #expect(listener.local == cache)
        #expect(listener.isListener)
        #expect(!listener.isWildcard)
        #expect(listener.receiveQueueBytes == 0x180)
        #expect(listener.drops == 17)
        let connected = try #require(table.rows.last)
        #expect(connected.remote == clusterDNS)
        #expect(connected.state == .established)
        #expect(!connected.isListener)
    }

    @Test("TCP rows tell listeners, connections, retransmitted SYNs and TIME-WAIT apart")
    func tcpRows() throws {
        let table = sockets(ProcSnippets.tcp, .tcp)
        #expect(table.malformedLines == 0)
        #expect(table.rows.map(\.state) == [.listen, .established, .synSent, .timeWait])
        #expect(table.rows.map(\.isListener) == [true, false, false, false])
        #expect(table.rows[2].retransmits == 3)
        #expect(table.rows[3].inode == 0)
        #expect(table.rows.allSatisfy { $0.drops == nil })
    }

    @Test("IPv6 rows come in network order, and mapped addresses as IPv4")
    func ipv6Rows() throws {
        let table = sockets(ProcSnippets.udp6, .udp)
        #expect(table.malformedLines == 0)
        #expect(table.rows.map(\.local.address) == [.v6(0, 0), cache.address, .v6(0x2001_0DB8_0000_0000, 1)])
        #expect(table.rows[0].isWildcard)
    }

    @Test("the local table holds single addresses and ranges of both families, and no broadcast address")
    func localAddresses() throws {
        var table = LocalAddressTable()
        table.add(text: ProcSnippets.fibTrie)
        table.add(text: ProcSnippets.interfaces6)
        #expect(table.malformedLines == 0)
        for text in ["127.0.0.1", "127.9.9.9", "169.254.20.10", "192.168.0.2", "::1", "fe80::fc:ff:fe00:1"] {
            #expect(table.contains(try #require(IPAddress(text))), "\(text)")
        }
        for text in ["192.168.0.1", "169.254.20.11", "0.0.0.0", "128.0.0.1", "::2"] {
            #expect(!table.contains(try #require(IPAddress(text))), "\(text)")
        }
    }

    @Test("counters are found by group and name, negative ones too, and absent ones are absent")
    func counters() {
        var table = CounterTable()
        for text in [ProcSnippets.snmp, ProcSnippets.netstat, ProcSnippets.snmp6] { table.add(text: text) }
        #expect(table.malformedLines == 0)
        #expect(table["Udp", "RcvbufErrors"] == 196)
        #expect(table["Tcp", "MaxConn"] == -1)
        #expect(table["TcpExt", "TCPSynRetrans"] == 31)
        #expect(table["", "Udp6InErrors"] == 0)
        #expect(table["Udp", "Nothing"] == nil)
    }

    @Test("a counter line that does not fit its header is counted, and the next group is read")
    func brokenCounters() {
        var table = CounterTable()
        table.add(text: "Udp: InErrors RcvbufErrors\nUdp: 1\nTcpExt: ListenDrops\nTcpExt: 9\nUdp: A\nIp: B\nIp: x\n")
        #expect(table.malformedLines == 3)
        #expect(table["Udp", "InErrors"] == nil)
        #expect(table["TcpExt", "ListenDrops"] == 9)
    }

    @Test("connection tracking counts by the first tuple, and protocols without ports count in the total alone")
    func conntrack() {
        var table = ConntrackTable(destination: cache)
        table.add(text: ProcSnippets.conntrack)
        #expect(table.malformedLines == 0)
        #expect(table.totalEntries == 4)
        #expect(table.matchingEntries == 1)
        #expect(table.example == "UDP from 10.244.1.5:47331")
        #expect(table.clusterClients.entries.isEmpty)
    }

    @Test("entries that lead to the cluster DNS are counted by their source, for so many sources")
    func clusterClients() throws {
        var table = ConntrackTable(destination: cache, cluster: clusterDNS)
        table.add(text: ProcSnippets.conntrack)
        #expect(table.clusterClients.entries == [try #require(IPAddress("192.168.0.2")): 1])
        #expect(table.matchingEntries == 1)
        let many = HealthyNode.trackedFromManyLocalAddresses()
        #expect(many.clusterClients.entries.count == 1_024 && many.clusterClients.untold == 976)
        #expect(HealthyNode.connections().clients[clusterDNS.address]?.entries.values.sorted() == [2])
    }

    @Test("IPVS's services keep their servers with weights, and other ports and firewall marks only count")
    func virtualServices() throws {
        let table = HealthyNode.virtualServices()
        #expect(table.malformedLines == 0)
        #expect(table.total == 5)
        #expect(table.services.map(\.servers.count) == [2, 2, 1])
        let service = try #require(table.service(.udp, clusterDNS))
        #expect(service.servers.map(\.weight) == [1, 1])
        #expect(service.servers[0].address == Endpoint(address: .v4(0x0AF4_0102), port: 53))
        #expect(table.services[2].address.address == IPAddress("fd00::a"))
    }

    @Test("IPVS's connections are counted by service and server, those of other ports in the total alone")
    func virtualConnections() {
        let table = HealthyNode.connections()
        #expect(table.malformedLines == 0)
        #expect(table.total == 3)
        #expect(table.connections.values.sorted() == [1, 1])
    }

    @Test("the losses of all CPUs are added up")
    func perProcessor() {
        let softnet = HealthyNode.softnet()
        #expect((softnet.dropped, softnet.squeezed, softnet.processors) == (2, 13, 2))
        let statistics = HealthyNode.statistics()
        #expect(statistics["insert_failed"] == 16)
        #expect(statistics["drop"] == 1)
        #expect(statistics["chaintoolong"] == nil)
    }

    @Test("only a socket's link text names an inode")
    func linkTexts() {
        #expect(SocketOwner.inode(inLinkText: "socket:[51239]") == 51239)
        for text in ["socket:[]", "socket:[1", "pipe:[12]", "/dev/null", "", "socket:[-1]", "socket:[1]]"] {
            #expect(SocketOwner.inode(inLinkText: text) == nil, "\(text)")
        }
    }
}
