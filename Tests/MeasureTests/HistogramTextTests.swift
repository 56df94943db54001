import Testing

@testable import Measure

@Suite("HdrHistogram V2 text")
struct HistogramTextTests {
    @Test("another port's text is read with the same counts, percentiles and mean", arguments: HistogramVector.all)
    func readsVectors(vector: HistogramVector) throws {
        let histogram = try LatencyHistogram(hdrText: vector.text)
        #expect(histogram.count == vector.count)
        #expect(histogram.areEquivalent(histogram.min, vector.minimum))
        #expect(histogram.areEquivalent(histogram.max, vector.maximum))
        #expect(abs(histogram.mean - vector.mean) <= vector.mean / 1_000_000 + 1)
        for (percentile, expected) in zip([50, 90, 99, 99.9, 99.99], vector.percentiles) {
            #expect(histogram.areEquivalent(histogram.value(percentile: percentile), expected))
        }
    }

    @Test("what we write holds the same counts as another port's text", arguments: HistogramVector.all)
    func writesVectors(vector: HistogramVector) throws {
        let theirs = try HistogramText(decoding: vector.text)
        let ours = try HistogramText(decoding: LatencyHistogram(hdrText: vector.text).hdrText)
        #expect(ours.counts == theirs.counts)
        #expect(ours.layout.significantDigits == theirs.layout.significantDigits)
    }

    @Test("text and histogram agree after a round trip, and the text starts as in log files")
    func roundTrip() throws {
        var histogram = LatencyHistogram()
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<5_000 {
            histogram.record(Int64(generator.next() % 60_000_000_001))
        }
        histogram.record(61_000_000_000)
        let text = histogram.hdrText
        #expect(text.hasPrefix("HISTFAAA"))
        let again = try LatencyHistogram(hdrText: text)
        #expect(again.buckets == histogram.buckets)
        #expect(again.hdrText == text)
        #expect(LatencyHistogram().hdrText.hasPrefix("HISTFAAA"))
    }

    @Test("a text that is cut anywhere is refused")
    func truncation() {
        let text = HistogramVector.all[3].text
        for length in 0..<text.count {
            #expect(throws: HistogramTextError.self) { try LatencyHistogram(hdrText: String(text.prefix(length))) }
        }
    }

    @Test("a text with any one octet changed is refused or stays within its bounds")
    func mutation() throws {
        let octets = Array(HistogramVector.all[5].text.utf8)
        var generator = SeededGenerator(seed: 9)
        for index in octets.indices {
            for _ in 0..<4 {
                var damaged = octets
                damaged[index] = UInt8(truncatingIfNeeded: generator.next())
                let histogram = try? LatencyHistogram(hdrText: String(decoding: damaged, as: UTF8.self))
                #expect((histogram?.count ?? 0) <= 1 << 53)
            }
        }
    }

    @Test("octets outside the alphabet, misplaced padding and line breaks are named with their offset")
    func base64() {
        for (text, offset) in [
            ("HIST=AAA", 4), ("HIS!", 3), ("HISTF", 5), ("HIST\nAA=", 4), ("AB==AAAA", 2), ("AAB=", 2),
        ] {
            #expect(throws: HistogramTextError.base64(offset: offset)) { try LatencyHistogram(hdrText: text) }
        }
    }

    @Test("another format's cookie is refused")
    func cookie() {
        let version1 = Base64.encode([0x1C, 0x84, 0x93, 0x02, 0, 0, 0, 0])
        #expect(throws: HistogramTextError.cookie(0x1C84_9302)) { try LatencyHistogram(hdrText: version1) }
    }

    @Test("a wrong cookie inside the envelope is refused")
    func innerCookie() throws {
        var payload = Self.payload()
        payload[3] = 0x11
        #expect(throws: HistogramTextError.cookie(0x1C84_9311)) {
            try LatencyHistogram(hdrText: Self.envelope(payload))
        }
    }

    @Test("other precisions are refused, since their counts cannot be added")
    func otherPrecision() {
        // Made like the vectors, with two digits, and with a lowest value of 1000.
        let twoDigits = "HISTFAAAACR4nJNpmSzMwMDAzAABTFCaEYh5f7hHMNh/gAh8ZucCAFx6BSQ="
        let fromThousand = "HISTFAAAACR4nJNpmSzMwMDAzAABUJr5BZDg/eEewWD/ASLSyswFAG2PBZ0="
        #expect(throws: HistogramTextError.otherPrecision(significantDigits: 2, lowest: 1)) {
            try LatencyHistogram(hdrText: twoDigits)
        }
        #expect(throws: HistogramTextError.otherPrecision(significantDigits: 3, lowest: 1000)) {
            try LatencyHistogram(hdrText: fromThousand)
        }
    }

    @Test("impossible settings are refused before memory is taken for them")
    func settings() throws {
        let impossible: [(digits: UInt32, lowest: UInt64, highest: UInt64)] = [
            (3, 0, 60), (3, 1, 1), (6, 1, 60), (.max, 1, 60), (3, .max, .max), (5, 1, .max), (5, 1 << 60, .max),
        ]
        for settings in impossible {
            let payload = Self.payload(digits: settings.digits, lowest: settings.lowest, highest: settings.highest)
            #expect(throws: HistogramTextError.layout) { try LatencyHistogram(hdrText: Self.envelope(payload)) }
        }
    }

    @Test("a run of zeros or counts past the range is refused")
    func tooManyCounts() throws {
        let run = Self.payload(body: [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])
        #expect(throws: HistogramTextError.tooManyCounts) { try LatencyHistogram(hdrText: Self.envelope(run)) }
        let counts = Self.payload(body: [UInt8](repeating: 2, count: 40_000))
        #expect(throws: HistogramTextError.tooManyCounts) { try LatencyHistogram(hdrText: Self.envelope(counts)) }
    }

    @Test("counts that add up beyond 2^53 are refused")
    func overflow() throws {
        let huge: [UInt8] = [0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]
        #expect(throws: HistogramTextError.countOverflow) {
            try LatencyHistogram(hdrText: Self.envelope(Self.payload(body: huge)))
        }
    }

    @Test("a small text that inflates to gigabytes is refused at the limit")
    func bomb() throws {
        let zeros = try ZlibStream.compress([UInt8](repeating: 0, count: 64 << 20))
        #expect(zeros.count < 100_000)
        #expect(throws: HistogramTextError.tooLong) { try LatencyHistogram(hdrText: Self.wrap(zeros)) }
        #expect(throws: HistogramTextError.tooLong) {
            try LatencyHistogram(hdrText: String(repeating: "A", count: (8 << 20) + 4))
        }
    }

    @Test("octets after the zlib stream are refused")
    func trailing() throws {
        let stream = try ZlibStream.compress(Self.payload())
        #expect(throws: HistogramTextError.zlib) { try LatencyHistogram(hdrText: Self.wrap(stream + [0])) }
    }

    // MARK: Texts made by hand

    private static func payload(
        digits: UInt32 = 3,
        lowest: UInt64 = 1,
        highest: UInt64 = 60_000_000_000,
        body: [UInt8] = []
    ) -> [UInt8] {
        bytes(UInt32(0x1C84_9313)) + bytes(UInt32(body.count)) + bytes(UInt32(0)) + bytes(digits) + bytes(lowest)
            + bytes(highest) + bytes(UInt64(0x3FF0_0000_0000_0000)) + body
    }

    private static func envelope(_ payload: [UInt8]) throws -> String {
        wrap(try ZlibStream.compress(payload))
    }

    private static func wrap(_ stream: [UInt8]) -> String {
        Base64.encode(bytes(UInt32(0x1C84_9314)) + bytes(UInt32(stream.count)) + stream)
    }

    private static func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        stride(from: Number.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> Number($0)) }
    }
}
