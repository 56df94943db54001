import Results

/// The nodes of a merged result, and those that stand out.
enum FleetSection {
    private struct View {
        let sentence: String
        let rule: String
        let hasOutliers: Bool
        let outliers: [OutlierRow]
        let furtherOutliers: String?
        let nodes: [NodeRow]
        let furtherNodes: String?
    }

    private struct NodeRow {
        let row: FleetRow
        let verdict: HTMLStatus
        let status: HTMLStatus
    }

    static func make(_ summary: RunSummary, _ limits: PageLimits) -> HTMLSection? {
        guard let fleet = summary.document.fleet else { return nil }
        // Those that the reader must look at come first.
        let standing = Set(fleet.outliers.map(\.node))
        func isNoted(_ node: FleetRecord.Node) -> Bool {
            node.verdict == .fail || node.status != .complete || standing.contains(node.name)
        }
        let nodes = fleet.nodes.filter(isNoted) + fleet.nodes.filter { !isNoted($0) }
        return HTMLSection(
            anchor: "fleet",
            title: "Nodes",
            markup: template.render(
                View(
                    sentence: FleetRow.sentence(fleet),
                    rule: DisplayText.clean(fleet.rule),
                    hasOutliers: !fleet.outliers.isEmpty,
                    outliers: fleet.outliers.prefix(limits.rows).map(OutlierRow.init),
                    furtherOutliers: further(fleet.outliers.count - limits.rows),
                    nodes: nodes.prefix(limits.rows).map { node in
                        NodeRow(
                            row: FleetRow(node),
                            verdict: HTMLStatus(node.verdict.rawValue),
                            status: HTMLStatus(node.status.rawValue)
                        )
                    },
                    furtherNodes: further(nodes.count - limits.rows)
                )
            )
        )
    }

    private static func further(_ count: Int) -> String? {
        count > 0 ? "\(Quantity.count(UInt64(count))) more stand in the result." : nil
    }

    static let template = HTMLTemplate(
        """
        <p>{{sentence}}. <span class="caption">Rule: {{rule}}.</span></p>
        {{#hasOutliers}}<div class="scroll" tabindex="0" role="region" aria-label="Figures by which nodes stand out">
        <table><thead><tr><th scope="col">Node</th><th scope="col">Load</th><th scope="col">Figure</th><th scope="col" class="n">Here</th><th scope="col" class="n">Median of all</th><th scope="col" class="n">Score</th></tr></thead>
        <tbody>{{#outliers}}<tr><th scope="row">{{node}}</th><td>{{load}}</td><td>{{metric}}</td><td class="n">{{value}}</td><td class="n">{{median}}</td><td class="n">{{score}}</td></tr>
        {{/outliers}}</tbody></table></div>{{/hasOutliers}}
        {{#furtherOutliers}}<p class="caption">{{furtherOutliers}}</p>{{/furtherOutliers}}
        <div class="scroll" tabindex="0" role="region" aria-label="Nodes with what their runs said">
        <table><thead><tr><th scope="col">Node</th><th scope="col">Verdict</th><th scope="col">Run</th><th scope="col" class="n">Queries</th><th scope="col" class="n">Lost</th><th scope="col">Machine</th><th scope="col">Began</th></tr></thead>
        <tbody>{{#nodes}}<tr><th scope="row">{{row.name}}</th>\
        <td><span class="pill {{verdict.style}}"><span aria-hidden="true">{{verdict.sign}}</span> {{verdict.word}}</span></td>\
        <td><span class="pill {{status.style}}"><span aria-hidden="true">{{status.sign}}</span> {{status.word}}</span></td>\
        <td class="n">{{row.queries}}</td><td class="n">{{row.lost}}</td><td>{{row.machine}}</td><td>{{row.started}}</td></tr>
        {{/nodes}}</tbody></table></div>
        {{#furtherNodes}}<p class="caption">{{furtherNodes}}</p>{{/furtherNodes}}
        """
    )
}
