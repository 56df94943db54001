import Glibc
import Measure
import Results
import Testing

@testable import Report

@Suite("Charts of the page")
struct ChartTests {
    private static func histogram(_ latencies: [(Int64, UInt64)]) -> LatencyHistogram {
        var histogram = LatencyHistogram()
        for (latency, count) in latencies { histogram.record(latency, count: count) }
        return histogram
    }

    @Test("Each chart has a title, a description and a table in its section")
    func alternatives() {
        let page = HTMLReport.render(SampleDocument.make(.fail), history: [PastRun(past(1)), PastRun(past(2))])
        let charts = page.matches(
            of:
                /<svg class="chart [a-z]+" viewBox="[^"]+" role="img" aria-label="[^"]{20,}"><title>[^<]+<\/title><desc>[^<]+<\/desc>/
        )
        #expect(charts.count == page.matches(of: /<svg/).count && charts.count >= 24)
        var sections = 0
        for section in page.components(between: "<section id=\"", and: "</section>") where section.contains("<svg") {
            sections += 1
            #expect(section.contains("<table"), "\(section.prefix(20))")
        }
        #expect(sections == 6)
        for words in [
            "Response latency by percentile", "Response latency, share of answers by latency",
            "Latency at the cache by percentile", "Latency at the cache, share of answers by latency",
            "Spread of the response latency over the run, cache", "TTL of hits by the age of the entry",
            "cache, p99 over 3 runs", "200 queries in 12 connections, half of them with 16 or fewer, at most 31",
        ] {
            #expect(page.contains(words), "\(words)")
        }
    }

    @Test("No two landmarks have one name, which readers of a screen would take for the same")
    func landmarks() {
        var document = SampleDocument.make(.fail)
        document.findMax = [SearchFixture.make(target: "cache"), SearchFixture.make(target: "cluster")]
        let page = HTMLReport.render(document, history: [PastRun(past(1))])
        let regions = page.matches(of: #/role="region" aria-label="([^"]+)"/#).map { $0.1.lowercased() }
        let sections = page.matches(of: #/<h2 id="[a-z]+-title">([^<]+)</#).map { $0.1.lowercased() }
        let names = regions + sections
        #expect(sections.count >= 12 && regions.count > 14)
        #expect(Set(names).count == names.count, "\(names.sorted())")
    }

    @Test("The table of shares counts what came within each time, and says 100 % of nothing less")
    func shares() {
        let series = [
            PercentileChart.Series(
                name: "x",
                histogram: Self.histogram([(40_000, 5_000), (300_000, 4_999), (3_000_000, 1)]),
                style: 1
            )
        ]
        let table = CumulativeChart.table(series)
        #expect(table.heads == ["20 µs", "50 µs", "100 µs", "200 µs", "500 µs", "1 ms", "2 ms", "5 ms"])
        #expect(table.rows.first?.shares == ["0 %", "50 %", "50 %", "50 %", "99.99 %", "99.99 %", "99.99 %", "100 %"])
    }

    @Test("The curve of shares rises from nothing to all")
    func cumulative() throws {
        let chart = CumulativeChart(
            series: [
                .init(name: "x", histogram: Self.histogram([(1_000, 1), (2_000, 1), (1_000_000, 2)]), style: 1)
            ],
            subject: "Latency"
        )
        let svg = try #require(chart.render(.wide))
        let frame = ChartFrame(.wide, height: 320)
        let path = try #require(svg.firstMatch(of: /class="curve s1" d="M([^"]+)"/)?.1)
        let heights = path.split(separator: "L").compactMap { Double($0.split(separator: " ")[1]) }
        #expect(heights.first == frame.plotBottom && heights.last == frame.plotTop)
        #expect(heights == heights.sorted(by: >) && heights.count == 4)
    }

    @Test("A heat map shades the cells by their share of the interval, and joins intervals that would not fit")
    func heat() throws {
        let rows = (0..<1_000).map { HeatChart.Row(seconds: Double($0), counts: [995, 0, 5]) }
        let chart = HeatChart(
            name: "cache",
            bounds: [1_024, 1_536, 2_048],
            rows: rows,
            interval: 1,
            span: 0...1_000
        )
        let columns = chart.columns(.wide)
        #expect(columns.count <= 100 && columns.reduce(0) { $0 + $1.counts[0] } == 995_000)
        let svg = try #require(chart.render(.wide))
        let shaded = svg.matches(of: /class="heat h(\d)" d="([^"]+)"/).filter { $0.2.count { $0 == "z" } > 1 }
        #expect(shaded.map { String($0.1) } == ["0", "4"])
        #expect(shaded.allSatisfy { $0.2.count { $0 == "z" } == columns.count })
    }

    @Test("A TTL that stands still is marked, in the chart and in its table")
    func decay() throws {
        var document = SampleDocument.make()
        let page = HTMLReport.render(document)
        #expect(page.contains("all count down") && !page.contains("does not fit") && !page.contains("class=\"wrong\""))
        document.capture?.detail?.zones[0].ttlDecay?[10].shownSeconds = 30
        let wrong = HTMLReport.render(document)
        #expect(wrong.contains("1 do not count down as the seconds pass"))
        #expect(wrong.matches(of: /class="wrong"/).count == 2 && wrong.contains("<td>does not fit</td>"))
    }

    @Test("The axis of time begins with the load, not with the run")
    func time() throws {
        let rows = [100.0, 101, 102].map { TimeChart.Series.Row(seconds: $0, p50: 1_000, p99: 2_000, lost: 0) }
        let chart = TimeChart(series: [.init(name: "x", style: 1, rows: rows, gap: 2)])
        let svg = try #require(chart.render(.wide))
        let path = try #require(svg.firstMatch(of: #/class="curve s1" d="M([0-9.]+) /#)?.1)
        #expect(Double(path) == ChartFrame(.wide).plotLeft)
    }

    private func past(_ hours: Int64, scenario: String? = nil, fingerprint: String? = nil) -> ResultDocument {
        var document = SampleDocument.make()
        document.started = Timestamp(
            realtimeNanoseconds: document.started.realtimeNanoseconds - hours * 3_600_000_000_000
        )
        if let scenario { document.scenario?.sha256 = scenario }
        if let fingerprint { document.environment.fingerprint = fingerprint }
        return document
    }

    @Test("History has the runs of the same scenario, newest first, and marks those of other machines")
    func history() throws {
        let runs = [past(3), past(1, fingerprint: "other"), past(2, scenario: "other")].map(PastRun.init)
        let page = HTMLReport.render(SampleDocument.make(), history: runs)
        let section = try #require(page.components(between: "<section id=\"history\"", and: "</section>").first)
        #expect(section.contains("2 earlier runs of the same scenario"))
        #expect(section.contains("1 ran on another machine or kernel") && section.contains("1 of other scenarios"))
        let times = section.matches(of: /<th scope="row">(2024[^<]+)</).map { String($0.1) }
        #expect(times.count == 3 && times == times.sorted(by: >))
        #expect(section.matches(of: /<td>another<\/td>/).count == 1)
        #expect(!HTMLReport.render(SampleDocument.make()).contains("id=\"history\""))
    }

    @Test("Text and lines of both colour schemes have the contrast of WCAG AA")
    func contrast() throws {
        let sheet = HTMLStyle.sheet
        let schemes = sheet.matches(of: /:root\{(?:color-scheme:[^;]+;)?(--bg[^}]+)\}/).map { match in
            Dictionary(
                uniqueKeysWithValues: match.1.matches(of: /--([a-z0-9]+):#([0-9a-f]+)/).map {
                    (String($0.1), String($0.2))
                }
            )
        }
        #expect(schemes.count == 2)
        let texts = [
            ("fg", "bg"), ("fg", "panel"), ("muted", "bg"), ("muted", "panel"), ("link", "bg"), ("good", "goodbg"),
            ("bad", "badbg"), ("open", "openbg"), ("known", "knownbg"), ("fg", "goodbg"), ("fg", "badbg"),
            ("fg", "openbg"),
        ]
        let graphics = ["s0", "s1", "s2", "s3", "h0", "h1", "h2", "h3", "h4", "good", "bad", "open", "known", "muted"]
        for scheme in schemes {
            for (text, ground) in texts {
                let ratio = Self.contrast(try #require(scheme[text]), try #require(scheme[ground]))
                #expect(ratio >= 4.5, "\(text) on \(ground): \(ratio)")
            }
            for line in graphics {
                let ratio = Self.contrast(try #require(scheme[line]), try #require(scheme["bg"]))
                #expect(ratio >= 3, "\(line): \(ratio)")
            }
        }
    }

    /// The contrast ratio of WCAG 2.2.
    private static func contrast(_ first: String, _ second: String) -> Double {
        func luminance(_ text: String) -> Double {
            let digits = text.count == 3 ? text.map { "\($0)\($0)" }.joined() : text
            let value = Int(digits, radix: 16) ?? 0
            let channels = [value >> 16, value >> 8 & 255, value & 255].map { channel -> Double in
                let share = Double(channel) / 255
                return share <= 0.03928 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
            }
            return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
        }
        let both = [luminance(first), luminance(second)].sorted()
        return (both[1] + 0.05) / (both[0] + 0.05)
    }
}

extension String {
    /// What stands between each pair of two texts.
    fileprivate func components(between start: String, and end: String) -> [Substring] {
        var found: [Substring] = []
        var rest = self[...]
        while let opening = rest.firstRange(of: start) {
            rest = rest[opening.upperBound...]
            guard let closing = rest.firstRange(of: end) else { break }
            found.append(rest[..<closing.lowerBound])
            rest = rest[closing.upperBound...]
        }
        return found
    }
}
