import DNSWire
import Testing

@testable import NodeLocal

private let clusterDNS = IPAddress("10.96.0.10")
private let external = Endpoint("10.200.2.53:53")

private func seed() throws -> Corefile {
    let pillars = Pillars(clusterDNS: clusterDNS, upstreamServers: ["/etc/resolv.conf"])
    return try Corefile.parse(pillars.replacing(in: Seed.corefile), file: "Corefile")
}

private func refusal(_ text: String, environment: [String: String]? = nil) -> CorefileError? {
    do {
        _ = try Corefile.parse(text, file: "Corefile", environment: environment)
        return nil
    } catch {
        return error
    }
}

@Suite("Corefile") struct CorefileTests {
    @Test("the seed's Corefile has four blocks with the plugins of the manifest")
    func seedBlocks() throws {
        let corefile = try seed()
        #expect(
            corefile.serverBlocks.flatMap(\.zones).map(\.description) == [
                "cluster.local.", "in-addr.arpa.", "ip6.arpa.", ".",
            ]
        )
        #expect(corefile.serverBlocks.allSatisfy { $0.port == 53 && $0.detectsLoops && $0.logsErrors })
        #expect(corefile.serverBlocks.allSatisfy { $0.bind == [IPAddress("169.254.20.10")] })
        #expect(corefile.serverBlocks.map { $0.forwards.first?.transport } == [.tcp, .tcp, .tcp, .mirrorsClient])
        #expect(corefile.serverBlocks[3].forwards[0].upstreams == [.resolvConf(path: "/etc/resolv.conf")])
        #expect(corefile.serverBlocks[0].forwards[0].upstreams.map(\.description) == ["10.96.0.10:53"])
        #expect(corefile.serverBlocks[0].health?.listen.port == 8080)
        #expect(corefile.serverBlocks[1].health == nil)
        let cache = try #require(corefile.serverBlocks[0].cache)
        #expect(cache.success.capacity == 9984 && cache.success.maximumTTL == 30)
        #expect(cache.denial.maximumTTL == 5 && cache.denial.minimumTTL == 5)
    }

    @Test("expectations follow the longest zone, label by label")
    func longestMatch() throws {
        let expectations = CorefileExpectations(try seed(), resolvers: ["/etc/resolv.conf": [try #require(external)]])
        func zone(_ name: String) throws -> String? {
            expectations.expectation(for: try DNSName(name))?.zone.description
        }
        #expect(try zone("kubernetes.default.svc.cluster.local") == "cluster.local.")
        #expect(try zone("CLUSTER.LOCAL.") == "cluster.local.")
        #expect(try zone("mycluster.local.") == ".")
        #expect(try zone("10.0.96.10.in-addr.arpa.") == "in-addr.arpa.")
        #expect(try zone("arpa.") == ".")
        #expect(expectations.health?.description == "169.254.20.10:8080")
        #expect(expectations.metricsPort == 9253)
        #expect(expectations.listenAddresses == [try #require(IPAddress("169.254.20.10"))])
        #expect(expectations.zonesForcingTCP.count == 3)
        #expect(expectations.unresolvedFiles.isEmpty)
        #expect(expectations.zones[3].upstreams == [try #require(external)])
    }

    @Test("TTLs are raised to five seconds and cut at the cap")
    func clamp() throws {
        let zones = CorefileExpectations(try seed()).zones
        #expect(zones[0].successTTL(upstream: 0) == 5)
        #expect(zones[0].successTTL(upstream: 17) == 17)
        #expect(zones[0].successTTL(upstream: 300) == 30)
        #expect(zones[0].denialTTL(upstream: 30) == 5)
        #expect(zones[3].denialTTL(upstream: 900) == 30)
        #expect(zones[0].successCapacity == 9984 && zones[0].minimumTTL == 5)
    }

    @Test("several zones, ports, dns:// and address ranges share a block")
    func headers() throws {
        let text = """
            a.test:1053, dns://B.Test,
            10.0.0.0/8 10.16.0.0/12 fd00::/8:5353 {
                cache
            }
            """
        let keys = try Corefile.parse(text, file: "Corefile").serverBlocks[0].keys
        #expect(keys.prefix(3).map(\.zone.description) == ["a.test.", "b.test.", "10.in-addr.arpa."])
        #expect(keys[0].port == 1053 && keys[1].port == 53)
        #expect(keys.dropFirst(3).prefix(16).map(\.zone.description).first == "16.10.in-addr.arpa.")
        #expect(keys.dropFirst(3).prefix(16).map(\.zone.description).last == "31.10.in-addr.arpa.")
        #expect(keys.last?.zone.description == "d.f.ip6.arpa." && keys.last?.port == 5353)
        #expect(keys.count == 20)
    }

    @Test("loop probes below the first zone of a block, and in no other block")
    func loopProbes() throws {
        let text = "a.test b.test {\n loop\n}\nc.test {\n errors\n}\n"
        let zones = CorefileExpectations(try Corefile.parse(text, file: "Corefile")).zones
        #expect(zones.map(\.detectsLoops) == [true, false, false])
    }

    @Test("snippets, quotes, comments and nested blocks read as CoreDNS reads them")
    func snippets() throws {
        let text = """
            # shared lines
            (shared) {
                errors
                cache 30 {   # seconds
                    success 2048 60 7
                    prefetch 10 1m 20%
                    servfail 0s
                    serve_stale 1h verify
                    disable denial test
                    keepttl
                }
            }
            "a.test" {
                import shared
                rewrite name "a b.test" "c\\".test" # quoted
                forward . 127.0.0.1:5301 tls://9.9.9.9 [::1]:53 ::1 {
                    prefer_udp
                    max_concurrent 1000
                    policy sequential
                    health_check 5s no_rec domain example.com
                    expire 1s
                }
                template IN A {
                    match ^(.*)$
                    answer "{{ .Name }} 60 IN A 127.0.0.1"
                }
            }
            b.test { 
                import shared
            }
            """
        let corefile = try Corefile.parse(text, file: "Corefile")
        #expect(corefile.serverBlocks.count == 2)
        let block = corefile.serverBlocks[0]
        #expect(block.plugins.map(\.name) == ["errors", "cache", "rewrite", "forward", "template"])
        #expect(block.plugin("rewrite")?.arguments == ["name", "a b.test", "c\".test"])
        #expect(block.plugin("template")?.block.map(\.words).last == ["answer", "{{ .Name }} 60 IN A 127.0.0.1"])
        let cache = try #require(block.cache)
        #expect(cache.success == .init(capacity: 2048, maximumTTL: 60, minimumTTL: 7, disabledZones: []))
        #expect(cache.prefetch == .init(amount: 10, gapNanoseconds: 60_000_000_000, percentage: 20))
        #expect(cache.serveStale?.verifies == true && cache.keepsTTL && cache.servfailNanoseconds == 0)
        #expect(cache.denial.disabledZones.map(\.description) == ["test."])
        let forward = block.forwards[0]
        #expect(forward.transport == .udp && forward.policy == .sequential && forward.maximumConcurrent == 1000)
        #expect(forward.expireNanoseconds == 1_000_000_000 && forward.healthCheckName.description == "example.com.")
        #expect(forward.upstreams.count == 4)
    }

    @Test("force_tcp wins over prefer_udp, and cache defaults are an hour and half an hour")
    func defaults() throws {
        let text = ". {\n  cache\n  forward . 10.0.0.1 {\n    prefer_udp\n    force_tcp\n  }\n}\n"
        let block = try Corefile.parse(text, file: "Corefile").serverBlocks[0]
        #expect(block.forwards[0].transport == .tcp)
        #expect(block.cache?.success.maximumTTL == 3600 && block.cache?.denial.maximumTTL == 1800)
        #expect(
            CorefileExpectations(try Corefile.parse(". {\n errors\n}", file: "C")).zones[0].successTTL(upstream: 99)
                == 99
        )
    }

    @Test(
        "each fault is refused with its line and a sentence",
        arguments: [
            (".:53 {\n  errors\n", 1, "never closed"),
            (".:53 {\n  cache {\n    success 10\n", 2, "never closed"),
            ("errors\n.:53 {\n}\n", 1, "outside a server block"),
            ("cache {\n  success 10 30\n}\n", 1, "outside a server block"),
            (".:53 {\n}\n}\n", 3, "closes nothing"),
            (".:53 {\n  errrors\n}\n", 2, "did you mean 'errors'?"),
            (".:53 {\n  kubernetes cluster.local\n}\n", 2, "not built with"),
            (".:53 {\n  cache 0\n}\n", 2, "below 1"),
            (".:53 {\n  cache {\n    success many\n  }\n}\n", 3, "not a number"),
            (".:53 {\n  cache {\n    denial 9984 -5\n  }\n}\n", 3, "below 1"),
            (".:53 {\n  cache {\n    sucess 9984 30\n  }\n}\n", 3, "did you mean 'success'?"),
            (".:53 {\n  forward .\n}\n", 2, "names no upstream"),
            (".:53 {\n  forward . dns.example\n}\n", 2, "neither an IP address nor a file"),
            (".:53 {\n  forward . 10.0.0.1 {\n    force_tpc\n  }\n}\n", 3, "did you mean 'force_tcp'?"),
            (".:53 {\n  forward . __PILLAR__CLUSTER__DNS__\n}\n", 2, "__PILLAR__CLUSTER__DNS__"),
            (".:53 {\n  bind {$HOST_IP}\n}\n", 2, "HOST_IP"),
            (".:53 {\n  bind 300.1.2.3\n}\n", 2, "neither an IP address"),
            (".:53 {\n  health 8080\n}\n", 2, "address:port"),
            (".:53 {\n  reload 1s\n}\n", 2, "below 2s"),
            (".:53 {\n  import shared\n}\n", 2, "no snippet"),
            (".:53 {\n  cache { success 1 }\n}\n", 2, "new line"),
            (".:99999 {\n}\n", 1, "port"),
            ("a..b {\n}\n", 1, "not a zone"),
            (".:53 {\n}\n.:53 {\n}\n", 3, "already served"),
            (".:53 {\n  bind 127.0.0.1\n}\n.:53 {\n}\n", 4, "already served"),
            (".:53 {\n  errors\n  errors\n}\n", 3, "only once"),
            (".:53 {\n  errors file\n}\n", 2, "stdout alone"),
            (".:53 {\n  bufsize 100\n}\n", 2, "512 to 4096"),
            (".:53 {\n  forward . [::1]\n}\n", 2, "neither an IP address nor a file"),
            (".:53 {\n  forward . 10.0.0.1 {\n    force_tcp {\n      x\n    }\n  }\n}\n", 3, "takes no block"),
            ("0::/8 {\n}\n", 1, "neither a zone nor an address range"),
            ("a.test,\n{\n}\n", 2, "missing"),
            (".:53 {\n  rewrite \"a b\n}\n", 2, "never closed"),
            ("\n# nothing\n", 1, "no server block"),
            ("(a) {\n  import b\n}\n(b) {\n  import a\n}\n. {\n  import a\n}\n", 5, "imports itself"),
        ]
    )
    func faults(text: String, line: Int, sentence: String) throws {
        let error = try #require(refusal(text))
        #expect(error.line == line, "\(error)")
        #expect(error.message.contains(sentence), "\(error)")
        #expect(error.description.hasPrefix("Corefile:\(line): "))
    }

    @Test("what CoreDNS accepts beyond the usual is accepted")
    func tolerance() {
        #expect(refusal(".:53 {\n  reload\n  reload 10s\n  cache {\n    success 1 2 3 4\n  }\n}\n") == nil)
        #expect(refusal(". {\n  bind 127.0.0.1\n}\n. {\n  bind 127.0.0.2\n}\n") == nil)
        #expect(refusal("\u{FEFF}. {\r\n  bind 127.0.0.1 {\r\n    except lo\r\n  }\r\n}\r\n") == nil)
        #expect(refusal(".\n{\n  cache\n  forward . 10.0.0.1\n}\n") == nil)
    }

    @Test("an unreplaced pillar and an unknown plugin are sorts of their own")
    func kinds() {
        #expect(refusal(Seed.corefile)?.kind == .unreplacedPillar("__PILLAR__CLUSTER__DNS__"))
        #expect(refusal(".:53 {\n  ready\n}\n")?.kind == .unknownPlugin("ready"))
    }

    @Test("environment words take the given values")
    func environment() throws {
        let text = ".:{$PORT} {\n  bind {$IP} {%IP2%}\n}\n"
        let values = ["PORT": "1053", "IP": "127.0.0.2", "IP2": "127.0.0.3"]
        let block = try Corefile.parse(text, file: "Corefile", environment: values).serverBlocks[0]
        #expect(block.port == 1053 && block.bind.count == 2)
        #expect(refusal(text, environment: ["PORT": "{$PORT}", "IP": "127.0.0.2"]) != nil)
    }

    @Test("cutting the seed's Corefile anywhere gives a value or a refusal, never a trap")
    func truncation() throws {
        let text = Array(Seed.corefile.replacing("__PILLAR__CLUSTER__DNS__", with: "10.96.0.10").utf8)
        for length in 0..<text.count {
            _ = refusal(String(decoding: text[..<length], as: UTF8.self))
        }
        for index in stride(from: 0, to: text.count, by: 3) {
            for byte in [UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "\""), 0, 0xFF, UInt8(ascii: "\n")] {
                var mutant = text
                mutant[index] = byte
                _ = refusal(String(decoding: mutant, as: UTF8.self))
            }
        }
    }
}
