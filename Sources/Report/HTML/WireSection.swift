import Results

/// What a capture tells beyond its proofs: the books of each zone, where the time goes, upstream connections, faults.
enum WireSection {
    private struct View {
        let hasZones: Bool
        let zones: [Row]
        let hasLatencies: Bool
        let latencies: [Row]
        let hasServers: Bool
        let servers: [Row]
        let reuse: String?
        let endings: String?
        let hasFaults: Bool
        let faults: [Fault]
        let hasBypass: Bool
        let bypass: [Row]
    }

    private struct Row {
        let name: String
        let cells: [String]
    }

    private struct Fault {
        let name: String
        let count: String
        let meaning: String
        let frames: [String]
    }

    private static let most = 50
    /// The columns of a zone's books, in the order of the template's heads.
    private static let columns = [
        "client_queries", "hits", "warm_hits", "misses", "early_misses", "stale", "unanswered", "upstream_tcp",
        "upstream_udp",
    ]
    private static let latencyNames = [
        ("hit", "answered from the cache"), ("miss", "answered after asking upstream"),
        ("wait", "of it before asking"), ("handshake", "a handshake with upstream"),
        ("upstream_udp", "upstream over UDP"), ("upstream_tcp", "upstream over TCP"), ("after", "after its answer"),
    ]

    static func make(_ summary: RunSummary) -> HTMLSection? {
        guard let detail = summary.document.capture?.detail else { return nil }
        let zones = detail.zones.filter { zone in zone.ledger.values.contains { $0 > 0 } }.prefix(most).map { zone in
            Row(
                name: DisplayText.clean(zone.zone, limit: 100),
                cells: columns.map { Quantity.count(zone.ledger[$0] ?? 0) }
            )
        }
        let latencies = latencyNames.compactMap { name, title in
            detail.latency[name].map { latency in
                Row(
                    name: title,
                    cells: [Quantity.count(latency.count)]
                        + [latency.p50, latency.p90, latency.p99, latency.max].map { Quantity.duration($0) }
                )
            }
        }
        let connections = detail.connections
        let servers = connections.servers.prefix(most).map { server in
            Row(
                name: "\(DisplayText.clean(server.address, limit: 60)):\(server.port)",
                cells: [Quantity.count(server.connections), Quantity.count(server.queries)]
            )
        }
        let endings = connections.counts.filter { $0.value > 0 }.sorted { $0.key < $1.key }
            .map { "\(DisplayText.clean($0.key.replacing("_", with: " "), limit: 40)) \(Quantity.count($0.value))" }
        let faults = detail.faults.prefix(most).map { fault in
            Fault(
                name: DisplayText.clean(fault.id, limit: 60),
                count: Quantity.count(fault.count),
                meaning: DisplayText.clean(fault.meaning),
                frames: fault.evidence.prefix(4).map { DisplayText.clean($0.text) }
            )
        }
        let bypass = detail.bypass.prefix(most).map {
            Row(name: DisplayText.clean($0.address, limit: 60), cells: [Quantity.count($0.queries)])
        }
        let unnamed = detail.bypassOthers.map { [Row(name: "other clients", cells: [Quantity.count($0)])] } ?? []
        guard !(zones.isEmpty && latencies.isEmpty && servers.isEmpty && faults.isEmpty && bypass.isEmpty) else {
            return nil
        }
        return HTMLSection(
            anchor: "wire",
            title: "On the wire",
            markup: template.render(
                View(
                    hasZones: !zones.isEmpty,
                    zones: Array(zones),
                    hasLatencies: !latencies.isEmpty,
                    latencies: latencies,
                    hasServers: !servers.isEmpty,
                    servers: Array(servers),
                    reuse: reuse(connections),
                    endings: endings.isEmpty ? nil : endings.joined(separator: ", "),
                    hasFaults: !faults.isEmpty,
                    faults: Array(faults),
                    hasBypass: !bypass.isEmpty,
                    bypass: Array(bypass) + unnamed
                )
            )
        )
    }

    /// How much is asked over one connection, a sentence; nil where nothing is known of it.
    private static func reuse(_ connections: CaptureDetail.Connections) -> String? {
        guard let all = connections.counts["connections"], all > 0, let queries = connections.counts["queries"] else {
            return nil
        }
        var text = "\(Quantity.count(queries, "query", "queries")) in \(Quantity.count(all, "connection"))"
        let each = connections.queriesPerConnection
        if let median = each["p50"], let most = each["max"] {
            text += ", half of them with \(median) or fewer, at most \(most)"
        }
        if connections.servers.count > 1 {
            text += "; skew over servers \(Quantity.fixed(max(0, min(connections.skew, 1)), 2)), where 0 is even"
        }
        return text + "."
    }

    static let template = HTMLTemplate(
        """
        {{#hasZones}}<div class="scroll" tabindex="0" role="region" aria-label="Books of the zones"><table>
        <caption>What each zone's queries came to, by the wire alone</caption>
        <thead><tr><th scope="col">Zone</th><th scope="col" class="n">Queries</th><th scope="col" class="n">Hits</th>\
        <th scope="col" class="n">Warm hits</th><th scope="col" class="n">Misses</th>\
        <th scope="col" class="n">Early misses</th><th scope="col" class="n">Stale</th>\
        <th scope="col" class="n">Unanswered</th><th scope="col" class="n">Upstream TCP</th>\
        <th scope="col" class="n">Upstream UDP</th></tr></thead>
        <tbody>{{#zones}}<tr><th scope="row"><code>{{name}}</code></th>{{#cells}}<td class="n">{{.}}</td>{{/cells}}</tr>{{/zones}}</tbody>
        </table></div>{{/hasZones}}
        {{#hasLatencies}}<div class="scroll" tabindex="0" role="region" aria-label="Latencies on the wire"><table>
        <caption>Where the time goes, from packet to packet</caption>
        <thead><tr><th scope="col">Part</th><th scope="col" class="n">Count</th><th scope="col" class="n">p50</th>\
        <th scope="col" class="n">p90</th><th scope="col" class="n">p99</th><th scope="col" class="n">max</th></tr></thead>
        <tbody>{{#latencies}}<tr><th scope="row">{{name}}</th>{{#cells}}<td class="n">{{.}}</td>{{/cells}}</tr>{{/latencies}}</tbody>
        </table></div>{{/hasLatencies}}
        {{#hasServers}}<div class="scroll" tabindex="0" role="region" aria-label="Upstream connections"><table>
        <caption>TCP connections of the cache to the servers behind it</caption>
        <thead><tr><th scope="col">Server</th><th scope="col" class="n">Connections</th>\
        <th scope="col" class="n">Queries</th></tr></thead>
        <tbody>{{#servers}}<tr><th scope="row"><code>{{name}}</code></th>{{#cells}}<td class="n">{{.}}</td>{{/cells}}</tr>{{/servers}}</tbody>
        </table></div>
        {{#reuse}}<p>{{reuse}}</p>{{/reuse}}
        {{#endings}}<p class="caption">{{endings}}</p>{{/endings}}{{/hasServers}}
        {{#hasFaults}}<h3>Faults that the wire shows</h3>
        {{#faults}}<article class="card"><h4><code>{{name}}</code>, {{count}} ×</h4><p>{{meaning}}</p>
        <details><summary>The first frames</summary><ul>{{#frames}}<li>{{.}}</li>{{/frames}}</ul></details></article>{{/faults}}{{/hasFaults}}
        {{#hasBypass}}<h3>Clients that ask past the cache</h3>
        <dl class="counts">{{#bypass}}<div><dt>{{name}}</dt>{{#cells}}<dd>{{.}}</dd>{{/cells}}</div>{{/bypass}}</dl>{{/hasBypass}}
        """
    )
}
