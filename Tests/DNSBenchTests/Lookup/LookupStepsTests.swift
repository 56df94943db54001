import DNSWire
import Testing

@testable import DNSBench

@Suite("The names that a lookup tries")
struct LookupStepsTests {
    private func names(_ name: String, _ settings: LookupSettings) throws -> [String] {
        settings.steps(for: try LookupName(name)).map { ($0.isAsIs ? "=" : "") + ($0.name?.description ?? "too long") }
    }

    @Test("With ndots:5 an external name walks the search list first", arguments: LookupResolver.allCases)
    func searchFirst(_ resolver: LookupResolver) throws {
        #expect(
            try names("www.example.com", podSettings(resolver)) == [
                "www.example.com.default.svc.cluster.local.", "www.example.com.svc.cluster.local.",
                "www.example.com.cluster.local.", "=www.example.com.",
            ]
        )
    }

    @Test("With enough dots glibc and Go search afterwards, and musl never")
    func asIsFirst() throws {
        for resolver in [LookupResolver.glibc, .go] {
            #expect(
                try names("www.example.com", podSettings(resolver, ndots: 2, search: ["a", "b"])) == [
                    "=www.example.com.", "www.example.com.a.", "www.example.com.b.",
                ]
            )
        }
        #expect(try names("www.example.com", podSettings(.musl, ndots: 2)) == ["=www.example.com."])
    }

    @Test("A dot at the end forbids the search", arguments: LookupResolver.allCases)
    func rooted(_ resolver: LookupResolver) throws {
        #expect(try names("db.", podSettings(resolver)) == ["=db."])
        #expect(try LookupName("a\\.").isRooted == false)
        #expect(try LookupName("a\\\\.").isRooted)
    }

    @Test("The root in glibc's search list stands for the name as it is; Go leaves it out")
    func rootOnList() throws {
        #expect(try names("db", podSettings(.glibc, search: [".", "a"])) == ["db.", "db.a."])
        #expect(try names("db", podSettings(.go, search: [".", "a"])) == ["db.a.", "=db."])
    }

    @Test("no-tld-query keeps glibc from asking the root for a single label")
    func noTLD() throws {
        let settings = podSettings(.glibc, search: ["a"], options: .noTLDQuery)
        #expect(try names("db", settings) == ["db.a."])
        #expect(try names("x.db", settings) == ["x.db.a.", "=x.db."])
    }

    @Test("ndots counts to 15 at most")
    func ndotsLimit() throws {
        let name = (0..<17).map { "l\($0)" }.joined(separator: ".")
        for resolver in LookupResolver.allCases {
            #expect(try names(name, podSettings(resolver, ndots: 99)).first == "=\(name).")
        }
    }

    @Test("A name that a domain makes too long stops glibc's search and is left out by the others")
    func tooLong() throws {
        let long = (0..<4).map { _ in String(repeating: "x", count: 60) }.joined(separator: ".")
        let search = ["ab", String(repeating: "y", count: 30)]
        #expect(
            try names(long, podSettings(.glibc, search: search)) == ["\(long).ab.", "too long", "=\(long)."]
        )
        #expect(try names(long, podSettings(.musl, search: search)) == ["\(long).ab.", "=\(long)."])
        #expect(try names(long, podSettings(.go, search: search)) == ["\(long).ab.", "=\(long)."])
    }

    @Test("Names that are no host names cost no query where the resolver checks them")
    func hostNames() throws {
        #expect(try names("-a.b", podSettings(.glibc)).isEmpty)
        #expect(try names("a*.b", podSettings(.glibc)).isEmpty)
        #expect(try names("a_b.c-", podSettings(.glibc, search: [])) == ["=a_b.c-."])
        #expect(try names("a-.b", podSettings(.go)).isEmpty)
        #expect(try names("10.1", podSettings(.go)).isEmpty)
        #expect(try names("x.onion", podSettings(.go, search: [])).isEmpty)
        #expect(try names("-a.b", podSettings(.musl, search: [])) == ["=-a.b."])
    }

    @Test("Numbers beyond a resolver's limits are cut to them")
    func limits() {
        let huge = podSettings(.glibc, timeout: 1_000, attempts: 100)
        #expect((huge.effectiveTimeout, huge.effectiveAttempts) == (30, 5))
        let musl = podSettings(.musl, timeout: 1_000, attempts: 100)
        #expect((musl.effectiveTimeout, musl.effectiveAttempts) == (60, 10))
        let none = podSettings(.go, timeout: 0, attempts: 0)
        #expect((none.effectiveTimeout, none.effectiveAttempts) == (1, 1))
        #expect(podSettings(.musl, options: [.useVC, .rotate]).effectiveOptions == [])
        #expect(podSettings(.go, options: [.singleRequestReopen, .edns0]).effectiveOptions == .singleRequest)
    }
}
