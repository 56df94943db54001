package import Results

/// The result as one self-contained page: no script, no network, charts as inline SVG, readable on paper and phones.
///
/// Equal documents give equal pages. Every string from outside is cleaned and escaped, and the page's own policy
/// forbids it to load or run anything.
package enum HTMLReport {
    /// Renders a document.
    package static func render(_ document: ResultDocument) -> String {
        let summary = RunSummary(document)
        let palette = TargetPalette(summary)
        let sections = [
            FailureSection.make(summary),
            ComparisonSection.make(summary, palette),
            SearchSection.make(summary),
            LatencySection.make(summary, palette),
            LookupSection.make(summary),
            TimeSection.make(summary, palette),
            ProofSection.make(summary),
            WireSection.make(summary),
            GateSection.make(summary),
            CheckSection.make(summary),
            MethodSection.make(summary),
        ].compactMap(\.self)
        let view = PageView(
            title: "\(summary.name): \(document.verdict.rawValue)",
            style: HTMLStyle.sheet,
            header: VerdictHeader.make(summary),
            sections: sections,
            footer:
                "\(DisplayText.clean(document.tool.name, limit: 80)) \(DisplayText.clean(document.tool.version, limit: 80))"
                + ", schema \(DisplayText.clean(document.schema, limit: 80)), \(document.started)"
        )
        return page.render(view)
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
