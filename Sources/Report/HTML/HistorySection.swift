import Results

/// Earlier runs of the same scenario beside this one: advice, never a verdict.
enum HistorySection {
    private struct View {
        let sentence: String
        let charts: [String]
        let heads: [String]
        let rows: [Row]
    }

    private struct Row {
        let started: String
        let machine: String
        let status: HTMLStatus
        let cells: [String]
    }

    /// Older runs are left out.
    private static let maximumRuns = 50
    /// Figures of so many targets.
    private static let maximumTargets = 4

    static func make(_ summary: RunSummary, _ history: [PastRun]) -> HTMLSection? {
        guard !history.isEmpty else { return nil }
        let this = PastRun(summary)
        let same = history.filter { $0.scenario == this.scenario && $0.started != this.started }
            .sorted { $0.started < $1.started }
        let runs = same.suffix(maximumRuns - 1) + [this]
        var targets: [String] = []
        for row in summary.latencies where !targets.contains(row.target) { targets.append(row.target) }
        let figures = targets.prefix(maximumTargets).flatMap { target in
            PastRun.Figure.Kind.allCases.map { PastRun.Figure(target: target, kind: $0) }
        }
        let charts = figures.compactMap { figure in
            HistoryChart(
                title: "\(figure.target), \(figure.kind.rawValue)",
                runs: runs.compactMap { run in
                    guard let value = run.figures[figure], value.isFinite, value >= 0 else { return nil }
                    return .init(
                        value: value,
                        tip: "\(run.started): \(words(value, figure.kind))",
                        isForeign: run.fingerprint != this.fingerprint
                    )
                },
                label: { words($0, figure.kind) }
            ).render()
        }
        let others = history.count { $0.scenario != this.scenario }
        let foreign = runs.count { $0.fingerprint != this.fingerprint }
        var sentence =
            runs.count == 1
            ? "None of the results beside this one is of the same scenario."
            : "\(Quantity.count(UInt64(runs.count - 1), "earlier run")) of the same scenario, the latest is the filled dot. "
                + "Runs at other times are no comparison: machines drift, and this decides nothing."
        if foreign > 0 { sentence += " \(foreign) ran on another machine or kernel; they are marked." }
        if others > 0, runs.count > 1 { sentence += " \(others) of other scenarios are left out." }
        return HTMLSection(
            anchor: "history",
            title: "History",
            markup: template.render(
                View(
                    sentence: sentence,
                    charts: charts,
                    heads: figures.map { "\($0.target) \($0.kind.rawValue)" },
                    rows: runs.count == 1
                        ? []
                        : runs.reversed().map { run in
                            Row(
                                started: run.started.description,
                                machine: run.fingerprint == this.fingerprint ? "the same" : "another",
                                status: HTMLStatus(run.verdict.rawValue),
                                cells: figures.map { figure in
                                    run.figures[figure].map { words($0, figure.kind) } ?? "–"
                                }
                            )
                        }
                )
            )
        )
    }

    private static func words(_ value: Double, _ kind: PastRun.Figure.Kind) -> String {
        kind == .loss ? Quantity.percent(value) : Quantity.duration(value)
    }

    static let template = HTMLTemplate(
        """
        <p>{{sentence}}</p>
        <div class="sparks">{{#charts}}{{{.}}}{{/charts}}</div>
        <details><summary>The runs as a table</summary><div class="scroll" tabindex="0" role="region" aria-label="Earlier runs"><table>
        <thead><tr><th scope="col">Began</th><th scope="col">Verdict</th><th scope="col">Machine</th>{{#heads}}<th scope="col" class="n">{{.}}</th>{{/heads}}</tr></thead>
        <tbody>{{#rows}}<tr><th scope="row">{{started}}</th>\
        <td><span class="pill {{status.style}}"><span aria-hidden="true">{{status.sign}}</span> {{status.word}}</span></td><td>{{machine}}</td>\
        {{#cells}}<td class="n">{{.}}</td>{{/cells}}</tr>{{/rows}}</tbody></table></div></details>
        """
    )
}
