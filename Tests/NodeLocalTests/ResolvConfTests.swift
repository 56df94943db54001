import DNSWire
import NodeLocal
import Testing

@Suite("resolv.conf")
struct ResolvConfTests {
    private func parse(_ text: String) throws -> ResolvConf { try ResolvConf(parsing: Array(text.utf8)) }

    @Test("A pod's file is read as kubelet writes it")
    func pod() throws {
        let conf = try parse(
            """
            search default.svc.cluster.local svc.cluster.local cluster.local
            nameserver 169.254.20.10
            options ndots:5
            """
        )
        #expect(conf.nameservers == [IPAddress("169.254.20.10")])
        #expect(
            conf.search.map(\.description) == [
                "default.svc.cluster.local.", "svc.cluster.local.", "cluster.local.",
            ]
        )
        #expect(conf.ndots == 5)
        #expect(conf.timeout == 5)
        #expect(conf.attempts == 2)
        #expect(conf.switches.isEmpty)
        #expect(conf.ignored.isEmpty)
    }

    @Test("An empty file gives the defaults")
    func empty() throws {
        #expect(try parse("") == ResolvConf())
        #expect(try parse("# nothing\n; at all\n\n") == ResolvConf())
    }

    @Test("Every option is known, and a minus switches it off again")
    func options() throws {
        let conf = try parse(
            """
            options timeout:3 attempts:4 rotate single-request use-vc\tedns0 trust-ad no-aaaa
            options single-request-reopen no_tld_query no-reload strict-error -edns0
            """
        )
        #expect(conf.timeout == 3)
        #expect(conf.attempts == 4)
        #expect(
            conf.switches == [
                .rotate, .singleRequest, .useVC, .trustAD, .noAAAA, .singleRequestReopen, .noTLDQuery, .noReload,
                .strictError,
            ]
        )
        #expect(conf.ignored.isEmpty)
    }

    @Test("The last of search and domain wins, and a domain is one name")
    func searchAndDomain() throws {
        #expect(try parse("search a b\ndomain c d\n").search.map(\.description) == ["c."])
        #expect(try parse("domain c\nsearch a b.\n").search.map(\.description) == ["a.", "b."])
        #expect(try parse("search .\n").search == [.root])
    }

    @Test("What does not count is listed with its line")
    func ignored() throws {
        let conf = try parse(
            """
            nameserver localhost
            nameserver fe80::1%eth0
            options inet6 ndots:many frobnicate
            lookup file bind
             nameserver 192.0.2.1
            nameserver
            sortlist 10.0.0.0
            search a..b \(String(repeating: "x", count: 64)) ok
            """
        )
        #expect(conf.nameservers == [IPAddress("fe80::1")])
        #expect(conf.search.map(\.description) == ["ok."])
        #expect(conf.ndots == 0, "strtol reads no digit as 0")
        #expect(conf.ignored.map(\.line) == [1, 2, 3, 3, 3, 4, 5, 6, 7, 8, 8])
        #expect(conf.ignored[0].description == "line 1: \"localhost\": it is no address")
    }

    @Test("A fourth server is kept and said to be idle")
    func fourServers() throws {
        let conf = try parse((1...4).map { "nameserver 192.0.2.\($0)\n" }.joined())
        #expect(conf.nameservers.count == 4)
        #expect(conf.ignored.map(\.line) == [4])
    }

    @Test("Huge numbers, endless lines and foreign octets do no harm")
    func hostile() throws {
        #expect(try parse("options ndots:99999999999999999999999999 timeout:-4").ndots == 1 << 30)
        #expect(try parse("options timeout:-4").timeout == 0)
        let long = String(repeating: "search a ", count: 10_000)
        #expect(try parse(long).search.count == 19_999)
        let conf = try ResolvConf(parsing: [0x6e, 0xff, 0xfe, 0x0a, 0x80])
        #expect(conf.ignored.count == 2)
        #expect(throws: ResolvConfError.binary(line: 2)) { try parse("search a\nsearch \0b\n") }
        #expect(throws: ResolvConfError.tooLarge((1 << 20) + 1)) {
            try ResolvConf(parsing: [UInt8](repeating: 0x20, count: (1 << 20) + 1))
        }
    }

    @Test("A file cut at any octet is read or refused, never a crash")
    func truncation() throws {
        let whole = Array("search a.b c\nnameserver 192.0.2.1\noptions ndots:5 rotate timeout:2\n".utf8)
        for length in 0...whole.count {
            let conf = try ResolvConf(parsing: Array(whole[..<length]))
            #expect(conf.nameservers.count <= 1)
        }
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            var mutated = whole
            for _ in 0..<4 {
                mutated[Int.random(in: 0..<mutated.count, using: &generator)] = UInt8.random(
                    in: 1...255,
                    using: &generator
                )
            }
            _ = try ResolvConf(parsing: mutated)
        }
    }
}
