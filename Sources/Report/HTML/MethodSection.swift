import FoundationEssentials
import Results

/// How it was measured, on what, and the command that repeats it.
enum MethodSection {
    private struct View {
        let command: String?
        let notes: [String]
        let facts: [Fact]
        let resolved: String?
    }

    private struct Fact {
        let label: String
        let value: String
    }

    static func make(_ summary: RunSummary, _ limits: PageLimits) -> HTMLSection? {
        let document = summary.document
        let environment = document.environment
        var facts: [Fact] = []
        func add(_ label: String, _ value: String?) {
            guard let value, !value.isEmpty else { return }
            facts.append(Fact(label: label, value: DisplayText.clean(value)))
        }
        add("Seed", String(document.seed))
        add("Status", document.status.rawValue)
        add("Began", document.started.description)
        add("Ended", document.ended.description)
        add(
            "Program",
            "\(document.tool.name) \(document.tool.version), commit \(document.tool.commit), \(document.tool.build) build"
        )
        add("Scenario", document.scenario.map { "\($0.id), sha256 \($0.sha256)" })
        for target in document.targets.prefix(50) {
            let version = target.version.map { ", \($0)" } ?? ""
            add(
                "Target \(DisplayText.clean(target.name, limit: 40))",
                "\(target.address) port \(target.port), \(target.role)\(version)"
            )
        }
        add("Comparison", document.comparison?.method)
        add("Order of pairs", document.comparison?.order?.joined(separator: " "))
        add(
            "System",
            [environment.os, environment.kernel, environment.arch].compactMap(\.self).joined(separator: ", ")
        )
        add("Processors", processors(environment))
        add("Memory", environment.memoryBytes.map(Quantity.bytes))
        add("Frequency governor", environment.governor)
        add("Clock source", environment.clocksource)
        add("Virtualisation", environment.virtualisation)
        add("Container", environment.container)
        add("Fingerprint", environment.fingerprint)
        add("Generator", usage(document.load ?? []))
        return HTMLSection(
            anchor: "method",
            title: "Method and environment",
            markup: template.render(
                View(
                    command: summary.commandLine,
                    notes: (document.notes ?? []).prefix(50).map { DisplayText.clean($0) },
                    facts: facts,
                    resolved: resolved(document.scenario?.resolved, lines: limits.scenarioLines)
                )
            )
        )
    }

    private static func processors(_ environment: EnvironmentRecord) -> String {
        var text = "\(environment.cpus)"
        if let model = environment.cpuModel { text += " × \(model)" }
        if let allowed = environment.cpusAllowed, allowed != environment.cpus { text += ", \(allowed) allowed" }
        if let quota = environment.cpuQuota { text += ", limited to \(Quantity.significant(quota))" }
        return text
    }

    private static func usage(_ loads: [LoadRecord]) -> String? {
        guard !loads.isEmpty else { return nil }
        let cpu = loads.reduce(Int64(0)) { $0.addingReportingOverflow($1.client.cpuNanoseconds).partialValue }
        let peak = loads.map(\.client.peakRSSBytes).max() ?? 0
        let dropped = loads.reduce(UInt64(0)) { $0.addingReportingOverflow($1.client.rxDropped).partialValue }
        return
            "\(Quantity.duration(cpu)) of processor time, \(Quantity.bytes(peak)) at most, \(dropped) datagrams dropped"
    }

    /// The scenario as indented JSON, cut when it is very long.
    private static func resolved(_ value: JSONValue?, lines most: Int) -> String? {
        guard let value, most > 0 else { return nil }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else { return nil }
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        // Cleaning would take the indentation of tabs, not of spaces.
        let shown = lines.prefix(most).map { DisplayText.clean(String($0)) }
        return (shown + (lines.count > most ? ["… \(lines.count - most) more lines"] : [])).joined(separator: "\n")
    }

    static let template = HTMLTemplate(
        """
        {{#notes}}<p class="note">{{.}}</p>{{/notes}}
        {{#command}}<p>This command repeats the run:</p><pre tabindex="0"><code>{{command}}</code></pre>{{/command}}
        <dl class="details wide">{{#facts}}<div><dt>{{label}}</dt><dd>{{value}}</dd></div>{{/facts}}</dl>
        {{#resolved}}<details><summary>The scenario with every default written out</summary><pre tabindex="0"><code>{{resolved}}</code></pre></details>{{/resolved}}
        """
    )
}
