import Measure
import Testing

@testable import Results

@Suite("Result document")
struct ResultDocumentTests {
    @Test("a document survives writing and reading, byte for byte")
    func roundTrip() throws {
        let document = SampleDocument.make()
        let json = try document.json()
        let again = try ResultDocument(json: json, path: "sample")
        #expect(again == document)
        #expect(try again.json() == json)
    }

    @Test("keys are sorted and figures that do not exist are null")
    func shape() throws {
        var document = SampleDocument.make()
        document.comparison?.metrics[0].ratio = nil
        let text = String(decoding: try document.json(), as: UTF8.self)
        #expect(text.contains("\"ratio\" : null"))
        let keys = [
            "\"capture\"", "\"checks\"", "\"command\"", "\"comparison\"", "\"ended\"", "\"environment\"", "\"gate\"",
        ]
        let places = keys.compactMap { text.firstRange(of: "\n  \($0)")?.lowerBound }
        #expect(places.count == keys.count)
        #expect(places == places.sorted())
    }

    @Test("sections that were not run are absent")
    func absent() throws {
        var document = SampleDocument.make()
        document.load = nil
        document.gate = nil
        let text = String(decoding: try document.json(), as: UTF8.self)
        #expect(!text.contains("\n  \"load\""))
        #expect(!text.contains("\n  \"gate\""))
    }

    @Test("unknown keys are ignored, so that a minor version may add some")
    func unknownKeys() throws {
        let text = String(decoding: try SampleDocument.make().json(), as: UTF8.self)
        let added = "{\n  \"brand_new\" : [1, {\"a\": null}]," + text.dropFirst(1)
        #expect(try ResultDocument(json: Array(added.utf8), path: "sample") == SampleDocument.make())
    }

    @Test("another major version is refused with its name")
    func otherMajor() {
        let error = #expect(throws: ResultError.self) {
            try ResultDocument(json: Array(#"{"schema": "nldns.result/2", "status": 7}"#.utf8), path: "r.json")
        }
        #expect(error == .unsupportedSchema(path: "r.json", schema: "nldns.result/2"))
        #expect(error?.exitCode == 65)
    }

    @Test(
        "damaged documents are refused with the place of the damage",
        arguments: [
            ("", "it is empty"),
            ("[]", "it is not JSON"),
            ("{}", "schema is missing"),
            (#"{"schema": 1}"#, "schema is not a string"),
            (#"{"schema": "nldns.result/1", "status": "done"}"#, "status has a value that is not allowed there"),
            (#"{"schema": "nldns.result/1"}"#, "status is missing"),
        ]
    )
    func damaged(json: String, reason: String) {
        let error = #expect(throws: ResultError.self) { try ResultDocument(json: Array(json.utf8), path: "r.json") }
        #expect(error?.description.contains("r.json") == true)
        #expect(error?.description.contains(reason) == true || json == "[]")
    }

    @Test("a document cut anywhere is refused, not read in part")
    func truncated() throws {
        var document = SampleDocument.short()
        document.comparison = nil
        let json = try document.json()
        for length in stride(from: 0, to: json.count - 2, by: 97) {
            #expect(throws: ResultError.self) { try ResultDocument(json: Array(json[..<length]), path: "cut") }
        }
    }

    @Test("deep nesting and wrong types inside sections are refused")
    func hostile() throws {
        let deep = #"{"schema": "nldns.result/1", "x": "# + String(repeating: "[", count: 100_000)
        #expect(throws: ResultError.self) { try ResultDocument(json: Array(deep.utf8), path: "deep") }
        let text = String(decoding: try SampleDocument.make().json(), as: UTF8.self)
        let negative = text.replacing("\"scheduled\" : 20000", with: "\"scheduled\" : -1")
        let error = #expect(throws: ResultError.self) { try ResultDocument(json: Array(negative.utf8), path: "n") }
        #expect(error?.description == "n is no readable result: a count in it is negative, fractional or too large.")
    }

    @Test("a figure that is not finite cannot be written")
    func notFinite() {
        var document = SampleDocument.make()
        document.load?[0].achievedQPS = .nan
        #expect(throws: ResultError.self) { try document.json() }
    }

    @Test("A heat map takes bands on either side, and an interval without answers is a row of zeros")
    func heat() {
        func bands(_ latencies: Int64...) -> LatencyBands {
            var histogram = LatencyHistogram()
            for latency in latencies { histogram.record(latency) }
            return LatencyBands(histogram)
        }
        var heat = LatencyHeat(rows: 1)
        heat.append(bands(5_000, 5_100))
        heat.append(bands())
        heat.append(bands(2_000, 9_000))
        #expect(heat.boundsNanoseconds == [1_536, 2_048, 3_072, 4_096, 6_144, 8_192])
        #expect(heat.counts.dropFirst() == [[0, 0, 0, 2, 0, 0], [0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 1]])
        #expect(heat.counts.first == [0, 0, 0, 0, 0, 0])
    }
}
