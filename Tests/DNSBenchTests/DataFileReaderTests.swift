import DNSBench
import DNSWire
import Measure
import Testing

@Suite("Reading data files", .timeLimit(.minutes(1)))
struct DataFileReaderTests {
    private static let pieces = [
        "a", "B", "svc-1", "_tcp", ".", ".", "..", "\\046", "\\.", "\\", "#", ";", "\u{e9}", "-", "*", " ", "\t", "\r",
        "  ", "\u{0}", "+do", "+x", "A", "aaaa", "TYPE65", "TYPE65535", "TYPE70000", "SRV", "NOPE", " A", " PTR ",
        String(repeating: "l", count: 62), String(repeating: "l", count: 63), String(repeating: "l", count: 64),
    ]

    /// Lines of all sorts, most of them nearly a query.
    private static func lines() -> [String] {
        var generator = SeededGenerator(seed: 11)
        func pick() -> String { pieces[Int(generator.next() % UInt64(pieces.count))] }
        var lines = (0..<20_000).map { _ in (0...(generator.next() % 7)).map { _ in pick() }.joined() }
        lines += (0..<5_000).map { _ in pick() + "." + pick() + " A" + (generator.next() % 4 == 0 ? pick() : "") }
        // Names about as long as names may be.
        for length in 1...70 {
            let name = String(repeating: String(repeating: "n", count: 61) + ".", count: 3)
            for end in ["", "."] { lines.append(name + String(repeating: "e", count: length) + end + " A") }
        }
        return lines + [". NS", " . NS", "a", "a.", "a. A", ".a A", "a A\u{0}", "a \u{0}A", "a A ;", "a A\u{b}"]
    }

    @Test("What is encoded where it stands is what the careful reading of its line gives, and so are faults")
    func agreement() throws {
        var good = 0
        for line in Self.lines() where !line.hasPrefix(";") {
            let text = Array(line.utf8)
            var wanted: [UInt8]?
            var fault: String?
            do {
                if let query = try Workload.parse(dataFile: text, file: "q").first {
                    wanted = try Workload.queries([query], popularity: .sequential, seed: 0).message(0)
                } else {
                    fault = "q: the workload holds no query"
                }
            } catch let error as DataFileError {
                fault = error.description
            }
            do {
                #expect(try Workload.dataFile(text, file: "q").message(0) == wanted, "\(line.debugDescription)")
                good += 1
            } catch {
                #expect(error.description == fault, "\(line.debugDescription)")
            }
        }
        #expect(good > 1_500, "\(good) good lines")
    }

    @Test("Plain lines and others keep their order, and what is expected of them")
    func order() throws {
        let text =
            "a.example A\nb.example A +rcode=NXDOMAIN\n\n; c\nc\\046d.example AAAA\ne.example TXT +edns=900\nf. NS"
        let queries = try Workload.parse(dataFile: Array(text.utf8), file: "q")
        let apart = try Workload.queries(queries, popularity: .sequential, seed: 0)
        let workload = try Workload.dataFile(Array(text.utf8), file: "q")
        #expect(workload.queryCount == 5 && apart.queryCount == 5)
        for index in 0..<5 { #expect(workload.message(index) == apart.message(index)) }
        #expect(workload.firstQueries(6) == [0, 1, 2, 3, 4, 0])
    }

    @Test(
        "A hundred thousand lines come out as they went in, with and without labels of their own",
        arguments: [0, 0.5]
    )
    func many(missShare: Double) throws {
        let lines = (0..<100_000).map { "svc-\($0).ns-\($0 % 977).svc.cluster.local \($0 % 2 == 0 ? "A" : "AAAA")\n" }
        let workload = try Workload.dataFile(Array(lines.joined().utf8), file: "q", missShare: missShare)
        #expect(workload.queryCount == 100_000 && workload.turnCount == 100_000)
        for index in stride(from: 0, to: 100_000, by: 997) {
            let question = try #require(try Message(decoding: workload.message(index)).questions.first)
            #expect(
                "\(question.name) \(question.type)"
                    == "svc-\(index).ns-\(index % 977).svc.cluster.local. \(index % 2 == 0 ? "A" : "AAAA")"
            )
        }
    }
}
