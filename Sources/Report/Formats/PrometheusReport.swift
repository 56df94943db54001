import Measure
package import Results

/// The result as Prometheus text format 0.0.4 for node_exporter's textfile collector: no timestamps, base units.
package enum PrometheusReport {
    /// Upper bounds of the classic histogram, in seconds.
    private static let bounds: [(seconds: String, nanoseconds: Int64)] = [
        ("0.00005", 50_000), ("0.0001", 100_000), ("0.00025", 250_000), ("0.0005", 500_000), ("0.001", 1_000_000),
        ("0.0025", 2_500_000), ("0.005", 5_000_000), ("0.01", 10_000_000), ("0.025", 25_000_000), ("0.05", 50_000_000),
        ("0.1", 100_000_000), ("0.25", 250_000_000), ("0.5", 500_000_000), ("1", 1_000_000_000), ("5", 5_000_000_000),
    ]

    /// Renders a document.
    package static func render(_ document: ResultDocument) -> String {
        let summary = RunSummary(document)
        var page = Page()
        page.family("nldns_build_info", "gauge", "The program that wrote this, always 1.")
        page.sample("nldns_build_info", [("version", document.tool.version), ("commit", document.tool.commit)], "1")
        page.family("nldns_last_run_timestamp_seconds", "gauge", "When the last run ended.")
        page.sample("nldns_last_run_timestamp_seconds", [], seconds(document.ended.realtimeNanoseconds))
        page.family("nldns_run_verdict", "gauge", "1 for the verdict of the last run.")
        for verdict in RunVerdict.allCases {
            page.sample("nldns_run_verdict", [("verdict", verdict.rawValue)], verdict == document.verdict ? "1" : "0")
        }
        page.family("nldns_run_complete", "gauge", "1 when the last run came to its end and counts.")
        page.sample("nldns_run_complete", [], document.status == .complete ? "1" : "0")
        load(summary, &page)
        lookups(document, &page)
        sections(document, &page)
        return page.text
    }

    private static func load(_ summary: RunSummary, _ page: inout Page) {
        guard !summary.latencies.isEmpty else { return }
        page.family("nldns_queries", "gauge", "Queries of the last run by what became of them.")
        for row in summary.latencies {
            let classes: [(String, UInt64)] = [
                ("answered", row.counters.answered), ("timed_out", row.counters.timedOut),
                ("unsent", row.counters.unsent),
                ("send_errors", row.counters.sendErrors), ("interrupted", row.counters.interrupted),
            ]
            for (name, count) in classes { page.sample("nldns_queries", labels(row) + [("result", name)], "\(count)") }
        }
        page.family("nldns_answers", "gauge", "Answers of the last run by rcode.")
        for row in summary.latencies {
            for (rcode, count) in row.rcodes.sorted(by: { $0.key < $1.key }) {
                page.sample("nldns_answers", labels(row) + [("rcode", rcode)], "\(count)")
            }
        }
        page.family("nldns_query_duration_seconds", "histogram", "Response latency from the intended send time.")
        for row in summary.latencies {
            guard let histogram = row.histogram else { continue }
            let buckets = histogram.buckets
            for bound in bounds {
                let count = buckets.reduce(UInt64(0)) { $1.highest <= bound.nanoseconds ? $0 + $1.count : $0 }
                page.sample("nldns_query_duration_seconds_bucket", labels(row) + [("le", bound.seconds)], "\(count)")
            }
            page.sample("nldns_query_duration_seconds_bucket", labels(row) + [("le", "+Inf")], "\(histogram.count)")
            let sum = Double(histogram.mean) * Double(histogram.count) / 1e9
            page.sample("nldns_query_duration_seconds_sum", labels(row), Quantity.fixed(sum, 6))
            page.sample("nldns_query_duration_seconds_count", labels(row), "\(histogram.count)")
        }
    }

    private static func lookups(_ document: ResultDocument, _ page: inout Page) {
        let loads = (document.load ?? []).compactMap { load in
            load.lookup.map { lookup in
                (
                    labels: [("target", load.target), ("phase", load.phase), ("resolver", lookup.resolver)],
                    record: lookup
                )
            }
        }
        guard !loads.isEmpty else { return }
        page.family("nldns_lookups", "gauge", "Lookups of the last run by what became of them.")
        for (labels, record) in loads {
            let counts = record.lookups
            for (name, count) in [
                ("found", counts.found), ("not_found", counts.notFound), ("failed", counts.failed),
                ("unsent", counts.unsent), ("interrupted", counts.interrupted),
            ] {
                page.sample("nldns_lookups", labels + [("result", name)], "\(count)")
            }
        }
        page.family("nldns_lookup_queries_mean", "gauge", "Queries that a lookup took, on average.")
        for (labels, record) in loads {
            let mean = record.amplification.queriesPerLookup.mean
            page.sample("nldns_lookup_queries_mean", labels, Quantity.fixed(mean, 6))
        }
        page.family("nldns_lookup_wasted_queries", "gauge", "Queries for names that the search list made in vain.")
        for (labels, record) in loads {
            page.sample("nldns_lookup_wasted_queries", labels, "\(record.amplification.wasted)")
        }
        page.family("nldns_lookup_duration_seconds", "summary", "Time of a lookup from its intended start.")
        for (labels, record) in loads {
            let response = record.latency.response
            for (quantile, value) in [("0.5", response.p50), ("0.99", response.p99), ("0.999", response.p99_9)] {
                page.sample(
                    "nldns_lookup_duration_seconds",
                    labels + [("quantile", quantile)],
                    Quantity.fixed(Double(value) / 1e9, 9)
                )
            }
            let sum = Double(response.mean) * Double(response.count) / 1e9
            page.sample("nldns_lookup_duration_seconds_sum", labels, Quantity.fixed(sum, 6))
            page.sample("nldns_lookup_duration_seconds_count", labels, "\(response.count)")
        }
    }

    private static func sections(_ document: ResultDocument, _ page: inout Page) {
        if let checks = document.checks, !checks.isEmpty {
            page.family("nldns_check_status", "gauge", "1 for the status of each check.")
            for check in checks {
                page.sample("nldns_check_status", [("check", check.id), ("status", check.status.rawValue)], "1")
            }
            doctor(checks.filter { $0.section == doctorSection }, document, &page)
        }
        if let capture = document.capture {
            page.family("nldns_capture_dropped_packets", "gauge", "Packets that the capture lost.")
            page.sample("nldns_capture_dropped_packets", [], "\(capture.drops)")
            page.family("nldns_proof_verdict", "gauge", "1 for the verdict of each proof.")
            for proof in capture.proofs {
                page.sample("nldns_proof_verdict", [("proof", proof.id), ("verdict", proof.verdict.rawValue)], "1")
            }
        }
        let ratios = (document.comparison?.metrics ?? []).filter { $0.ratio?.isFinite == true }
        if !ratios.isEmpty {
            page.family("nldns_comparison_ratio", "gauge", "Candidate over reference.")
            for metric in ratios {
                page.sample(
                    "nldns_comparison_ratio",
                    [("metric", metric.metric.rawValue), ("verdict", metric.verdict.rawValue)],
                    Quantity.fixed(metric.ratio ?? 0, 6)
                )
            }
        }
        if let outcomes = document.gate?.outcomes, !outcomes.isEmpty {
            page.family("nldns_gate_verdict", "gauge", "1 for the verdict of each gate.")
            for outcome in outcomes {
                page.sample("nldns_gate_verdict", [("gate", outcome.id), ("verdict", outcome.verdict.rawValue)], "1")
            }
        }
    }

    /// The section of a document that has what the doctor found.
    private static let doctorSection = "doctor"

    /// What the doctor found: every status of each finding is a series, so that none vanishes when a status changes.
    private static func doctor(_ checks: [CheckRecord], _ document: ResultDocument, _ page: inout Page) {
        guard !checks.isEmpty else { return }
        let statuses: [CheckRecord.Status] = [.pass, .fail, .skip, .inconclusive]
        page.family("nldns_doctor_finding", "gauge", "1 for the status of each finding of the last look, else 0.")
        for check in checks {
            for status in statuses {
                let labels = [("finding", check.id), ("status", status.rawValue)]
                page.sample("nldns_doctor_finding", labels, check.status == status ? "1" : "0")
            }
        }
        page.family("nldns_doctor_findings", "gauge", "Findings of the last look by status.")
        for status in statuses {
            let count = checks.count { $0.status == status }
            page.sample("nldns_doctor_findings", [("status", status.rawValue)], "\(count)")
        }
        page.family("nldns_doctor_look_duration_seconds", "gauge", "How long the last look took.")
        let duration = document.ended.realtimeNanoseconds - document.started.realtimeNanoseconds
        page.sample("nldns_doctor_look_duration_seconds", [], seconds(max(0, duration)))
    }

    private static func labels(_ row: LatencyRow) -> [(String, String)] {
        [("target", row.target), ("phase", row.phase), ("transport", row.transport)]
    }

    private static func seconds(_ nanoseconds: Int64) -> String {
        Quantity.fixed(Double(nanoseconds / 1_000_000) / 1_000, 3)
    }

    /// Lines of the exposition; one series is written once, since a repeated one spoils the whole file.
    private struct Page {
        private(set) var text = ""
        private var seen: Set<String> = []

        mutating func family(_ name: String, _ type: String, _ help: String) {
            text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
        }

        mutating func sample(_ name: String, _ labels: [(String, String)], _ value: String) {
            let list = labels.map { "\($0)=\"\(Self.escape($1))\"" }.joined(separator: ",")
            let series = list.isEmpty ? name : "\(name){\(list)}"
            guard seen.insert(series).inserted else { return }
            text += "\(series) \(value)\n"
        }

        private static func escape(_ text: String) -> String {
            DisplayText.clean(text, limit: 200).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        }
    }
}
