package import Results

/// The result as one self-contained page: no script, no network, charts as inline SVG, readable on paper and phones.
///
/// Equal documents give equal pages. Every string from outside is cleaned and escaped, and the page's own policy
/// forbids it to load or run anything.
package enum HTMLReport {
    /// No page is larger, in octets.
    package static let maximumBytes = 500_000

    /// Renders a document; of a very long one lists are cut until the page is small enough, and say so.
    ///
    /// - Parameters:
    ///   - document: The result.
    ///   - history: Earlier runs; those of other scenarios are left out.
    package static func render(_ document: ResultDocument, history: [PastRun] = []) -> String {
        let summary = RunSummary(document)
        let palette = TargetPalette(summary)
        let fixed = FixedSections(summary, palette, history)
        var text = ""
        for limits in PageLimits.levels {
            text = page(summary, palette, fixed, limits)
            if text.utf8.count <= maximumBytes { break }
        }
        return text
    }

    /// Sections whose size has a bound of its own, and that are drawn once.
    private struct FixedSections {
        let comparison: HTMLSection?
        let search: HTMLSection?
        let latency: HTMLSection?
        let hits: HTMLSection?
        let lookups: HTMLSection?
        let wire: HTMLSection?
        let history: HTMLSection?

        init(_ summary: RunSummary, _ palette: TargetPalette, _ past: [PastRun]) {
            comparison = ComparisonSection.make(summary, palette)
            search = SearchSection.make(summary)
            latency = LatencySection.make(summary, palette)
            hits = HitSection.make(summary)
            lookups = LookupSection.make(summary)
            wire = WireSection.make(summary)
            history = HistorySection.make(summary, past)
        }
    }

    private static func page(
        _ summary: RunSummary,
        _ palette: TargetPalette,
        _ fixed: FixedSections,
        _ limits: PageLimits
    ) -> String {
        let document = summary.document
        let sections = [
            FailureSection.make(summary, limits), FleetSection.make(summary, limits), fixed.comparison, fixed.search,
            fixed.latency, fixed.hits,
            fixed.lookups, TimeSection.make(summary, palette, limits), ProofSection.make(summary, limits), fixed.wire,
            GateSection.make(summary, limits), CheckSection.make(summary, limits), fixed.history,
            MethodSection.make(summary, limits),
        ].compactMap(\.self)
        return page.render(
            PageView(
                title: "\(summary.name): \(document.verdict.rawValue)",
                style: HTMLStyle.sheet,
                header: VerdictHeader.make(summary),
                sections: sections,
                footer:
                    "\(DisplayText.clean(document.tool.name, limit: 80)) \(DisplayText.clean(document.tool.version, limit: 80))"
                    + ", schema \(DisplayText.clean(document.schema, limit: 80)), \(document.started)"
            )
        )
    }

    private struct PageView {
        let title: String
        let style: String
        let header: String
        let sections: [HTMLSection]
        let footer: String
    }

    static let page = HTMLTemplate(
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="referrer" content="no-referrer">
        <title>{{title}}</title>
        <style>{{{style}}}</style>
        </head>
        <body>
        <a class="skip" href="#content">Skip to the content</a>
        {{{header}}}
        <nav aria-label="Sections"><ul>{{#sections}}<li><a href="#{{anchor}}">{{title}}</a></li>{{/sections}}</ul></nav>
        <main id="content">
        {{#sections}}
        <section id="{{anchor}}" aria-labelledby="{{anchor}}-title"><h2 id="{{anchor}}-title">{{title}}</h2>
        {{{markup}}}
        </section>
        {{/sections}}
        </main>
        <footer>{{footer}}</footer>
        </body>
        </html>

        """
    )
}
