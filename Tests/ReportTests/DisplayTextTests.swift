import Testing

@testable import Report

@Suite("Text from outside")
struct DisplayTextTests {
    @Test(
        "what could move a cursor, hide or reorder text becomes visible",
        arguments: [
            ("plain.example.", "plain.example."), ("a\u{1B}[31mred", "a␛[31mred"), ("bell\u{07}", "bell␇"),
            ("two\nlines\r\n", "two lines  "), ("\u{202E}gnp.exe", "\u{FFFD}gnp.exe"),
            ("zero\u{200B}width", "zero\u{FFFD}width"),
            ("del\u{7F}", "del␡"), ("c1\u{9B}31m", "c1\u{FFFD}31m"), ("\u{0}", "␀"), ("é ö 日本", "é ö 日本"),
            ("\"\u{301}x", "\"\u{FFFD}x"), ("<\u{200D}b", "<\u{FFFD}b"),
        ]
    )
    func clean(raw: String, shown: String) {
        #expect(DisplayText.clean(raw) == shown)
    }

    @Test("a text as long as a page is cut")
    func cut() {
        let shown = DisplayText.clean(String(repeating: "x", count: 1_000_000))
        #expect(shown.count == DisplayText.maximumScalars + 1)
        #expect(shown.hasSuffix("…"))
    }

    @Test("no octet of any string leaves markup open", arguments: ["<", ">", "\"", "'", "&"])
    func markup(sign: String) {
        for mark in ["", "\u{301}", "\u{20DD}", "\u{200D}", "\u{FE0F}"] {
            let escaped = DisplayText.escapeMarkup(DisplayText.clean("a\(sign)\(mark)b"))
            let isOpen = escaped.unicodeScalars.contains { "<>\"'".unicodeScalars.contains($0) }
            #expect(!isOpen)
        }
    }
}

@Suite("Numbers for people")
struct QuantityTests {
    @Test(
        "durations have three digits and the unit that fits",
        arguments: [
            (0.0, "0 ns"), (870, "870 ns"), (999.4, "999 ns"), (999.6, "1.00 µs"), (45_230, "45.2 µs"),
            (999_499, "999 µs"), (999_600, "1.00 ms"), (1_530_000, "1.53 ms"), (60e9, "60.0 s"), (-45_000, "-45.0 µs"),
            (Double.nan, "–"), (.infinity, "–"),
        ]
    )
    func durations(nanoseconds: Double, text: String) {
        #expect(Quantity.duration(nanoseconds) == text)
    }

    @Test("per cents, counts, rates, bytes and percentiles")
    func others() {
        #expect(Quantity.percent(0.0001) == "0.010 %")
        #expect(Quantity.percent(1.1) == "110 %")
        #expect(Quantity.percent(0) == "0 %")
        #expect(Quantity.count(0) == "0")
        #expect(Quantity.count(1_234_567) == "1,234,567")
        #expect(Quantity.count(.max) == "18,446,744,073,709,551,615")
        #expect(Quantity.rate(12_400.4) == "12,400")
        #expect(Quantity.rate(.nan) == "–")
        #expect(Quantity.bytes(40 << 20) == "40.0 MiB")
        #expect(Quantity.percentile(99.9) == "p99.9")
        #expect(Quantity.percentile(50) == "p50")
        #expect(Quantity.probability(0.0004) == "< 0.001")
        #expect(Quantity.elapsed(92_000_000_000) == "1 min 32 s")
        #expect(Quantity.fixed(-0.0001, 2) == "0.00")
        #expect(Quantity.fixed(1e300, 2).isEmpty == false)
        #expect(Quantity.tick(1_000_000) == "1 ms")
    }
}
