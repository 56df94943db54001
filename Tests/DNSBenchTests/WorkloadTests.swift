import DNSBench
import DNSWire
import Testing

@Suite("Workloads")
struct WorkloadTests {
    @Test("A data file is read as dnsperf reads it")
    func dataFile() throws {
        let text = """
            ; a comment
            #name A
            example.com A

            Example.COM. aaaa ignored words
            \t _dns._tcp.svc.cluster.local.\tSRV\r
            x\\046y.example TYPE65
            """
        let queries = try Workload.parse(dataFile: Array(text.utf8), file: "q.txt")
        #expect(queries.map(\.type) == [.a, .a, .aaaa, .srv, RecordType(rawValue: 65)])
        #expect(
            queries.map(\.name.description) == [
                "#name.", "example.com.", "Example.COM.", "_dns._tcp.svc.cluster.local.", "x\\.y.example.",
            ]
        )
        let workload = try Workload.dataFile(Array(text.utf8), file: "q.txt")
        #expect(workload.queryCount == 5)
        #expect(workload.firstQueries(6) == [0, 1, 2, 3, 4, 0])
    }

    @Test(
        "A bad line is named with its place",
        arguments: [
            ("a.example A\nb.example", "q:2: \"b.example\" has no query type behind it"),
            ("a.example NOPE", "q:1: \"NOPE\" is no query type"),
            ("\n\n..a A", "q:3: \"..a\" is no domain name: "),
            ("", "q: the workload holds no query"),
            ("; only comments\n", "q: the workload holds no query"),
            ("a\u{0}b A", "q:1: a zero octet: this is not a text data file"),
        ]
    )
    func badDataFile(text: String, expected: String) {
        let error = #expect(throws: DataFileError.self) { try Workload.dataFile(Array(text.utf8), file: "q") }
        #expect(error?.description.hasPrefix(expected) == true, "\(error?.description ?? "")")
    }

    @Test("Words behind a plus say what a query carries and what its answer must be; others are ignored")
    func words() throws {
        let text = """
            a.example A +do +cd +edns=1400 +opt=10:0102030405060708 ignored 10.0.0.0/8
            b.example SRV +nord +ad +ttl=1-30 +answer=0,100,53,x.example +rcode=NOERROR
            c.example A +nodata
            d.example TXT
            """
        let queries = try Workload.parse(dataFile: Array(text.utf8), file: "q")
        let first = try #require(queries[0].options)
        #expect(first.dnssecOK && first.checkingDisabled && first.recursionDesired && first.ednsPayloadSize == 1_400)
        #expect(first.ednsOptions == [EDNSOption(code: 10, octets: [1, 2, 3, 4, 5, 6, 7, 8])])
        let second = try #require(queries[1].options)
        #expect(!second.recursionDesired && second.authenticData)
        #expect(queries[1].expectation?.ttl == 1...30 && queries[1].expectation?.rcode == .noError)
        #expect(queries[1].expectation?.records == [[0, 0, 0, 100, 0, 53] + Array(try DNSName("x.example").wire)])
        #expect(queries[2].expectation?.records == [] && queries[2].options == nil)
        #expect(queries[3].options == nil && queries[3].expectation == nil)
        let message = try Message(
            decoding: try Workload.queries(queries, popularity: .sequential, seed: 0).message(0)
        )
        #expect(message.edns?.udpPayloadSize == 1_400 && message.edns?.options.count == 1)
    }

    @Test(
        "A word that is none is named with its place",
        arguments: [
            ("+dnssec", "+dnssec is no word of a data file; there are do, cd"),
            ("+edns=70000", "+edns=70000 is no size"),
            ("+opt=10:0", "+opt=10:0 is no option"), ("+rcode=NOPE", "+rcode=NOPE is no rcode"),
            ("+ttl=9-1", "+ttl=9-1 is no TTL"), ("+answer=fd00::1", "+answer=fd00::1 is no data of type A"),
            ("+do=1", "+do=1 is no word of a data file"),
        ]
    )
    func badWords(word: String, expected: String) {
        let error = #expect(throws: DataFileError.self) {
            try Workload.dataFile(Array("a.example A \(word)".utf8), file: "q")
        }
        #expect(error?.description.hasPrefix("q:1: " + expected) == true, "\(error?.description ?? "")")
    }

    @Test("Options that make a query longer than a datagram are refused")
    func tooLong() {
        let option = "+opt=65001:" + String(repeating: "00", count: 4_096)
        let line = "a.example A " + Array(repeating: option, count: 17).joined(separator: " ")
        let error = #expect(throws: DataFileError.self) { try Workload.dataFile(Array(line.utf8), file: "q") }
        #expect(error?.description.hasPrefix("q: message 1 has ") == true, "\(error?.description ?? "")")
    }

    @Test("A name may hold any octets")
    func octets() throws {
        let queries = try Workload.parse(dataFile: [0xff, 0xfe] + Array(".example A".utf8), file: "q")
        #expect(queries[0].name.labels.first == [0xff, 0xfe])
    }

    @Test("A binary data file is read message by message, and a cut one says where")
    func binary() throws {
        let message: [UInt8] = [9, 9, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0x61, 0, 0, 1, 0, 1]
        let file = [0, UInt8(message.count)] + message + [0, 2, 7, 7]
        let workload = try Workload.binaryDataFile(file, file: "b")
        #expect(workload.queryCount == 2)
        #expect(workload.message(0) == message && workload.message(1) == [7, 7])
        for (bytes, expected) in [
            (Array(file.dropLast()), "b: the message at offset 21 has 2 octets, and the file ends before them"),
            (file + [0], "b: a single octet at the end, at offset 25"), ([], "b: the workload holds no query"),
            ([0, 1, 7], "b: message 1 has 1 octets; 2 to 65,507 are possible"),
        ] as [([UInt8], String)] {
            let error = #expect(throws: DataFileError.self) { try Workload.binaryDataFile(bytes, file: "b") }
            #expect(error?.description == expected)
        }
    }

    @Test("An over-long name is an error of its line")
    func longName() {
        let label = String(repeating: "a", count: 64)
        let error = #expect(throws: DataFileError.self) {
            try Workload.dataFile(Array("\(label).example A".utf8), file: "q")
        }
        #expect(error?.line == 1)
    }

    @Test("A query is encoded with RD, and with OPT when asked for")
    func wire() throws {
        let query = WorkloadQuery(name: try DNSName("a.bc"), type: .aaaa)
        let plain = try Workload.queries([query], seed: 0)
        #expect(
            plain.message(0) == [
                0, 0,  // id, patched when sent
                0x01, 0x00,  // RD
                0, 1, 0, 0, 0, 0, 0, 0,  // one question
                1, 0x61, 2, 0x62, 0x63, 0,  // a.bc.
                0, 28, 0, 1,  // AAAA IN
            ]
        )
        let options = QueryOptions(recursionDesired: false, ednsPayloadSize: 4_096, dnssecOK: true)
        let extended = try Workload.queries([query], seed: 0, options: options)
        #expect(
            extended.message(0) == [
                0, 0, 0x00, 0x00, 0, 1, 0, 0, 0, 0, 0, 1,  // one additional record
                1, 0x61, 2, 0x62, 0x63, 0, 0, 28, 0, 1,  //
                0,  // root
                0, 41,  // OPT
                0x10, 0x00,  // 4,096 octets
                0, 0,  // extended rcode, version 0
                0x80, 0x00,  // DO
                0, 0,  // no options
            ]
        )
        let decoded = try Message(decoding: extended.message(0))
        #expect(decoded.edns?.udpPayloadSize == 4_096)
    }

    @Test("Weights and Zipf ranks decide how often a query is asked, and the seed decides the order")
    func popularity() throws {
        let queries = try (0..<4).map {
            WorkloadQuery(name: try DNSName("n\($0).example"), type: .a, weight: Double($0))
        }
        let weighted = try Workload.queries(queries, seed: 5)
        let drawn = weighted.firstQueries(weighted.turnCount)
        let shares = (0..<4).map { index in Double(drawn.count { $0 == index }) / Double(drawn.count) }
        #expect(shares[0] == 0)
        #expect(abs(shares[1] - 1.0 / 6) < 0.01 && abs(shares[3] - 0.5) < 0.01)
        #expect(try Workload.queries(queries, seed: 5).firstQueries(1_000) == weighted.firstQueries(1_000))
        #expect(try Workload.queries(queries, seed: 6).firstQueries(1_000) != weighted.firstQueries(1_000))

        let equal = queries.map { WorkloadQuery(name: $0.name, type: .a) }
        let zipf = try Workload.queries(equal, popularity: .zipf(exponent: 1), seed: 5)
        let ranks = zipf.firstQueries(zipf.turnCount)
        let first = Double(ranks.count { $0 == 0 }) / Double(ranks.count)
        #expect(abs(first - 12.0 / 25) < 0.01, "1 / (1 + 1/2 + 1/3 + 1/4)")
        #expect(throws: WorkloadError.badWeight) {
            try Workload.queries(equal, popularity: .zipf(exponent: .nan), seed: 1)
        }
        #expect(throws: WorkloadError.empty) { try Workload.queries([], seed: 1) }
    }

    @Test("A sequence is asked in its order")
    func sequences() throws {
        let pairs = try (0..<3).map { index in
            let name = try DNSName("n\(index).example")
            return WorkloadSequence(queries: [.init(name: name, type: .a), .init(name: name, type: .aaaa)])
        }
        let workload = try Workload.sequences(pairs, seed: 9)
        let drawn = workload.firstQueries(200)
        for index in stride(from: 0, to: 200, by: 2) {
            #expect(drawn[index] % 2 == 0 && drawn[index + 1] == drawn[index] + 1)
        }
    }
}
