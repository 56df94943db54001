/// Results that later ones are held against: `<folder>/<class of machines>/<scenario>.json`.
package struct BaselineStore: Sendable {
    /// The folder of a checkout.
    package static let defaultFolder = "results/baselines"

    /// The folder that holds them.
    package let folder: String

    /// Names a store; nothing is touched yet.
    package init(folder: String) {
        self.folder = folder
    }

    /// Where the baseline for such a result is; nil for one that belongs to no scenario.
    package func path(for document: ResultDocument) -> String? {
        document.scenario.map {
            "\(folder)/\(document.environment.className)/\(ResultStore.fileName($0.id)).json"
        }
    }

    /// Makes a result the baseline of its class and scenario, in the place of the one before it.
    ///
    /// - Returns: where it is now, and what stood there.
    package func promote(
        _ document: ResultDocument,
        _ promotion: PromotionRecord
    ) throws -> (path: String, replaced: ResultDocument?) {
        guard let path = path(for: document) else { throw BaselineError.noScenario }
        try Self.requireReference(document)
        let replaced = try? ResultDocument.read(path)
        try DurableFile.makeFolder("\(folder)/\(document.environment.className)")
        try document.asBaseline(promotion).write(to: path)
        return (path, replaced)
    }

    /// Refuses a result that is no reference.
    private static func requireReference(_ document: ResultDocument) throws(BaselineError) {
        if document.verdict == .fail { throw .failed }
        guard document.status == .complete, document.verdict == .pass else {
            throw .noVerdict(status: document.status, verdict: document.verdict)
        }
        guard !TargetFigures.all(in: document).isEmpty else { throw .noLoad }
        if let finding = ResultVerification.findings(in: document).first { throw .inconsistent(finding.description) }
    }
}

extension ResultDocument {
    /// The result as far as later ones are compared with it: loads without their course over time, and who promoted it.
    fileprivate func asBaseline(_ promotion: PromotionRecord) -> ResultDocument {
        var baseline = self
        baseline.promotion = promotion
        baseline.load = load?.map { load in
            var load = load
            load.series = nil
            return load
        }
        baseline.checks = nil
        baseline.capture = nil
        baseline.comparison = nil
        baseline.findMax = nil
        baseline.gate = nil
        baseline.reasons = nil
        baseline.notes = ["A baseline: checks, capture, comparison and series of the run are left out."]
        return baseline
    }
}
