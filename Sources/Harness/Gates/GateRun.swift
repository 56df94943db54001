import LinuxNet
import NodeLocal
package import Results
import Scenario

/// `nldns gate` from its files to its exit status; whatever cannot be read or believed leaves the gate closed.
package struct GateRun: Sendable {
    /// The result's path.
    package var result: String
    /// The path of a baseline, or of a folder of baselines by class of machines; nil for none.
    package var baseline: String?
    /// The path of a file of waivers, or nil.
    package var waivers: String?
    /// The folder of the history, or nil for none.
    package var history: String?
    /// Gates besides those of the scenario.
    package var gates: [String] = []
    /// Whether a comparison that cannot tell closes the gate.
    package var isStrict = false
    /// The day, in UTC, as `YYYY-MM-DD`.
    package var today = Self.currentDay

    /// Judges the result at a path by what is in it.
    package init(result: String) { self.result = result }

    /// This day, in UTC.
    package static var currentDay: String {
        String(Timestamp(realtimeNanoseconds: Clock.realtimeNanoseconds()).description.prefix(10))
    }

    /// The judged document.
    ///
    /// - Throws: exit 66 for a result that is not there; 2 for one that is empty, damaged, of another version, or
    ///   contradicts itself, and for a baseline that is missing or damaged; 65 for gates that cannot be read; 78 for
    ///   waivers.
    package func judge() throws -> ResultDocument {
        let document = try Self.read(result, what: "the result", missing: .inputMissing)
        var judge = GateJudge(
            gates: try ScenarioGates.read(document, path: result, adding: gates),
            today: today
        )
        judge.isStrict = isStrict
        if let waivers {
            let text = try TextFile.read(waivers, what: "the file of waivers")
            judge.waivers = try WaiverFile.parse(text, file: waivers)
        }
        if let baseline {
            judge.baseline = try Self.read(
                Self.baselinePath(baseline, for: document),
                what: "the baseline",
                missing: .noVerdict
            )
        }
        if let history { judge.history = try HistoryStore(folder: history).entries(before: document) }
        return try judge.judge(document)
    }

    /// What the judged document's gate tells the caller.
    package static func status(_ document: ResultDocument) -> ExitStatus {
        switch document.gate?.verdict {
        case .pass: .pass
        case .fail: .fail
        case .inconclusive, .incomparable, nil: .noVerdict
        }
    }

    /// The exit status of the whole, for callers that only want to know whether the gate closed.
    func status() -> ExitStatus {
        do {
            return Self.status(try judge())
        } catch {
            return Failure(translating: error)?.status ?? .bug
        }
    }

    /// A file, or the place in a folder of baselines that belongs to the result.
    private static func baselinePath(_ path: String, for document: ResultDocument) throws -> String {
        guard FileKind.isFolder(path) else { return path }
        guard let place = BaselineStore(folder: path).path(for: document) else {
            throw Failure(.noVerdict, "the result belongs to no scenario, so \(path) has no baseline of it")
        }
        return place
    }

    /// A document whose figures follow from its counts.
    private static func read(_ path: String, what: String, missing: ExitStatus) throws -> ResultDocument {
        let document: ResultDocument
        do {
            document = try ResultDocument.read(path)
        } catch .missing {
            throw Failure(missing, "\(what) \(path) does not exist, so there is nothing to compare")
        } catch .unreadable(_, let reason) {
            throw Failure(missing, "\(what) \(path) cannot be read: \(reason)")
        } catch {
            throw Failure(.noVerdict, "no verdict, the gate stays closed: \(error.description)")
        }
        let findings = ResultVerification.findings(in: document)
        guard let first = findings.first else { return document }
        let more = findings.count > 1 ? " (and \(findings.count - 1) more; nldns results verify lists them)" : ""
        throw Failure(
            .noVerdict,
            "no verdict, the gate stays closed: \(what) \(path) contradicts itself: \(first)\(more)"
        )
    }
}
