import Results

/// Which colour and dash each target has, the same in every chart: 0 is the reference, 1 the candidate.
struct TargetPalette {
    private let styles: [String: Int]

    /// The reference and the candidate of the comparison come first, then the targets in order.
    init(_ summary: RunSummary) {
        var names: [String] = []
        let comparison = summary.document.comparison
        for name in [comparison?.a, comparison?.b].compactMap(\.self) + summary.document.targets.map(\.name)
        where !names.contains(name) {
            names.append(name)
        }
        // Without a reference nothing is drawn as one.
        let first = comparison == nil ? 1 : 0
        styles = Dictionary(
            names.enumerated().map { (DisplayText.clean($0.element, limit: 60), $0.offset + first) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The style of a target, 0 … 3.
    func style(of target: String) -> Int {
        (styles[target] ?? styles.count) % 4
    }
}
