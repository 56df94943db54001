import Results

/// What the captured frames prove, and the capture's own books.
enum ProofSection {
    private struct View {
        let proofs: [Proof]
        let decay: [Decay]
        let counts: [Count]
        let hasLedger: Bool
        let ledger: [Count]
        let drops: String?
        let hasFiles: Bool
        let files: [String]
        let hasMoreFiles: Bool
    }

    private struct Proof {
        let name: String
        let status: HTMLStatus
        let reason: String
        let counted: String
        let hasFrames: Bool
        let frames: [Frame]
        let shown: String
    }

    private struct Frame {
        let number: String
        let at: String
        let text: String
    }

    private struct Decay {
        let chart: [HTMLChart]
        let rows: [DecayRow]
    }

    private struct DecayRow {
        let zone: String
        let age: String
        let stored: String
        let shown: String
        let sign: String
    }

    private struct Count {
        let label: String
        let value: String
    }

    static func make(_ summary: RunSummary, _ limits: PageLimits) -> HTMLSection? {
        guard let capture = summary.document.capture else { return nil }
        let proofs = capture.proofs.prefix(50).map { proof in
            let frames = proof.evidence.prefix(limits.frames).map { item in
                Frame(
                    number: item.place ?? "–",
                    at: item.ts?.description ?? "–",
                    text: item.words
                )
            }
            let total = proof.evidenceCount ?? UInt64(proof.evidence.count)
            return Proof(
                name: DisplayText.clean(proof.id, limit: 80),
                status: HTMLStatus(proof.verdict.rawValue),
                reason: DisplayText.clean(proof.reason),
                counted: Quantity.count(total, "piece"),
                hasFrames: !frames.isEmpty,
                frames: frames,
                shown: total > UInt64(frames.count)
                    ? "the first \(frames.count) of \(Quantity.count(total))" : "all of them"
            )
        }
        let counts = [
            Count(label: "packets", value: Quantity.count(capture.packets)),
            Count(label: "dropped", value: Quantity.count(capture.drops)),
            Count(label: "seen twice", value: Quantity.count(capture.duplicates)),
            Count(label: "DNS messages", value: Quantity.count(capture.messages)),
            Count(label: "transactions", value: Quantity.count(capture.transactions)),
            Count(label: "unanswered", value: Quantity.count(capture.unanswered)),
            Count(label: "unsolicited", value: Quantity.count(capture.unsolicited)),
            Count(label: "TCP connections", value: Quantity.count(capture.tcp.connections)),
            Count(label: "messages over TCP", value: Quantity.count(capture.tcp.messages)),
            Count(label: "gaps in TCP", value: Quantity.count(capture.tcp.gaps)),
        ]
        let ledger = (capture.ledger ?? [:]).sorted { $0.key < $1.key }.prefix(60).map { name, value in
            Count(label: DisplayText.clean(name.replacing("_", with: " "), limit: 60), value: Quantity.count(value))
        }
        let drops =
            capture.drops > 0
            ? "The capture lost \(Quantity.count(capture.drops)) packets, so that what was not seen may still have happened."
            : nil
        return HTMLSection(
            anchor: "proofs",
            title: "Protocol proofs",
            markup: template.render(
                View(
                    proofs: proofs,
                    decay: decay(capture.detail?.zones ?? []),
                    counts: counts,
                    hasLedger: !ledger.isEmpty,
                    ledger: Array(ledger),
                    drops: drops,
                    hasFiles: capture.files?.isEmpty == false,
                    files: (capture.files ?? []).prefix(50).map { DisplayText.clean($0) },
                    hasMoreFiles: (capture.files ?? []).count > 50
                )
            )
        )
    }

    /// TTLs of hits as a chart and a table; none without hits.
    private static func decay(_ zones: [CaptureDetail.Zone]) -> [Decay] {
        let series = zones.filter { $0.ttlDecay?.isEmpty == false }.prefix(4).enumerated().map { index, zone in
            DecayChart.Series(
                name: DisplayText.clean(zone.zone, limit: 60),
                style: (index + 1) % 4,
                points: zone.ttlDecay ?? []
            )
        }
        guard let chart = HTMLChart(DecayChart(series: series).render) else { return [] }
        let rows = series.flatMap { item in
            item.points.prefix(64).map { point in
                DecayRow(
                    zone: item.name,
                    age: DecayChart.age(point),
                    stored: "\(point.storedSeconds) s",
                    shown: "\(point.shownSeconds) s",
                    sign: DecayChart.fits(point) ? "" : "does not fit"
                )
            }
        }
        return [Decay(chart: [chart], rows: rows)]
    }

    static let template = HTMLTemplate(
        """
        {{#drops}}<p><strong>{{drops}}</strong></p>{{/drops}}
        {{#proofs}}
        <article class="card"><h3><span class="pill {{status.style}}"><span aria-hidden="true">{{status.sign}}</span> {{status.word}}</span> \
        <code>{{name}}</code></h3>
        <p>{{reason}}</p>
        {{#hasFrames}}<details><summary>{{counted}} of evidence, {{shown}}</summary>
        <div class="scroll" tabindex="0" role="region" aria-label="Evidence of {{name}}"><table class="mono">
        <thead><tr><th scope="col" class="n">Frame</th><th scope="col">Time</th><th scope="col">What was seen</th></tr></thead>
        <tbody>{{#frames}}<tr><td class="n">{{number}}</td><td>{{at}}</td><td>{{text}}</td></tr>{{/frames}}</tbody></table></div></details>{{/hasFrames}}
        </article>
        {{/proofs}}
        {{#decay}}<h3>TTLs of hits</h3>
        {{#chart}}<figure>{{{wide}}}{{{narrow}}}<figcaption>One mark a second of age: the TTL that a hit showed. In a cache \
        that lets entries age they follow the thin lines down; on a level line they would never expire. Zones that agree lie on one another.</figcaption></figure>{{/chart}}
        <details><summary>The TTLs as a table</summary><div class="scroll" tabindex="0" role="region" aria-label="TTLs of hits"><table>
        <thead><tr><th scope="col">Zone</th><th scope="col" class="n">Age</th><th scope="col" class="n">Stored with</th>\
        <th scope="col" class="n">Shown</th><th scope="col">Remark</th></tr></thead>
        <tbody>{{#rows}}<tr><th scope="row"><code>{{zone}}</code></th><td class="n">{{age}}</td><td class="n">{{stored}}</td>\
        <td class="n">{{shown}}</td><td>{{sign}}</td></tr>{{/rows}}</tbody></table></div></details>{{/decay}}
        {{#hasLedger}}<h3>What the cache did, by the wire</h3>
        <dl class="counts">{{#ledger}}<div><dt>{{label}}</dt><dd>{{value}}</dd></div>{{/ledger}}</dl>{{/hasLedger}}
        <h3>What was captured</h3>
        <dl class="counts">{{#counts}}<div><dt>{{label}}</dt><dd>{{value}}</dd></div>{{/counts}}</dl>
        {{#hasFiles}}<p class="caption">Files, in the order of their numbers: {{#files}}<code>{{.}}</code> {{/files}}{{#hasMoreFiles}}and more{{/hasMoreFiles}}</p>{{/hasFiles}}
        """
    )
}
