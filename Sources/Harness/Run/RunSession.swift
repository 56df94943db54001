package import Conformance
import DNSWire
import Glibc
package import Lab
package import LinuxNet
import NodeLocal
import Report
package import Results
package import Scenario

/// A scenario from its plan to its verdict: site, stages, documents on disk, and the end of everything it started.
package struct RunSession: Sendable {
    /// What is to be run.
    package struct Request: Sendable {
        /// The scenario.
        package var plan: Plan
        /// A lab to run in, or nil for the node that we stand on.
        package var lab: LabOptions?
        /// A second lab, in which the candidate of comparisons stands; nil when it is where the reference is.
        package var candidateLab: LabOptions?
        /// The path of this program, from which the lab starts its parts.
        package var executable: String
        /// The command line, for the document.
        package var command: [String]
        /// The seed of everything that is drawn.
        package var seed: UInt64
        /// Judge checks by their requirements alone, and take no inconclusive check for granted.
        package var isStrict = false
        /// The folder that receives a folder for the run, or nil to write nothing there.
        package var resultsFolder: String?
        /// Where to write the captured frames, or nil.
        package var capturePath: String?
        /// The id of a profile that replaces the scenario's, or nil.
        package var profile: String?
        /// Whether each target must answer before anything is measured.
        package var probesTargets = true
        /// Whether the octets of each check that did not pass are kept as evidence.
        package var explains = false
        /// The checks to choose from instead of the built-in ones, or nil.
        package var catalogue: CheckCatalogue?
        /// Whether each entry of a load's series keeps its histograms, which costs memory.
        package var keepsIntervalHistograms = false
        /// One captured frame in so many is thrown away, as a full ring would; nil keeps all.
        package var captureLosesOneIn: UInt64?
        /// Who is who on the wire, on a node.
        package var nodeFacts = NodeFacts()
        /// Sentences for the reader of the document.
        package var notes: [String] = []
        /// What is known of this build.
        package var tool: ToolRecord

        /// Makes a request with the defaults for what may be left out.
        package init(plan: Plan, executable: String, command: [String], seed: UInt64, tool: ToolRecord) {
            self.plan = plan
            self.executable = executable
            self.command = command
            self.seed = seed
            self.tool = tool
        }
    }

    /// What a run left.
    package struct Outcome: Sendable {
        /// The finished document.
        package var document: ResultDocument
        /// The folder with `result.json` and `report.html`; nil when nothing was to be written.
        package var folder: String?
        /// What ended the run early, if anything did.
        package var failure: Failure?

        /// Whether anything was measured before the end.
        package var hasFigures: Bool {
            document.checks != nil || document.load != nil || document.capture != nil
        }
    }

    let request: Request
    let stop: StopFlag
    private let progress: ProgressReporter

    /// Makes a session.
    package init(_ request: Request, stop: StopFlag, progress: ProgressReporter) {
        self.request = request
        self.stop = stop
        self.progress = progress
    }

    /// Runs the scenario; whatever happens, the document is written and everything that was started is ended.
    package func run() async throws -> Outcome {
        // The folder first: a run of minutes must not end at an unwritable disk.
        let recorder = makeRecorder()
        let folder = try makeFolder(recorder)
        var failure: Failure?
        do {
            try await perform(recorder)
        } catch let error as Failure {
            failure = error
        } catch {
            failure = Failure(translating: error) ?? Failure(.bug, "unexpected error: \(error)")
        }
        if let failure { recorder.note("Ended early: \(failure.message)") }
        let isWhole = failure == nil && !stop.isRaised
        let document = recorder.finish(
            status: isWhole ? (Self.measuredNothing(recorder.snapshot) ? .invalid : .complete) : .aborted,
            isStrict: request.isStrict
        )
        if let folder { try Self.write(document, to: folder) }
        return Outcome(document: document, folder: folder?.folder, failure: failure)
    }

    /// A recorder for this request, without figures.
    func makeRecorder() -> RunRecorder {
        let recorder = RunRecorder(
            tool: request.tool,
            command: request.command,
            seed: request.seed,
            targets: Self.targets(request.plan.targets),
            scenario: Self.scenario(request.plan)
        )
        for note in request.notes { recorder.note(note) }
        return recorder
    }

    /// The folder for a run's files, or nil when none is wanted.
    func makeFolder(_ recorder: RunRecorder) throws -> ResultStore.Run? {
        try request.resultsFolder.map {
            try ResultStore(folder: $0).makeRun(started: recorder.snapshot.started, scenario: request.plan.id)
        }
    }

    private func perform(_ recorder: RunRecorder) async throws {
        try await withSite(recorder) { site, candidateSite in
            try await run(at: site, candidateSite: candidateSite, recorder: recorder)
        }
    }

    /// Prepares the place of the run, a lab or the node, does something there and leaves it as it was.
    ///
    /// - Parameter body: gets the site, and that of the candidate where it has one of its own.
    func withSite(_ recorder: RunRecorder, _ body: (Site, Site?) async throws -> Void) async throws {
        guard let options = request.lab else {
            var site = try request.nodeFacts.site(plan: request.plan)
            site.doctorPaths = request.nodeFacts.doctorPaths
            if request.nodeFacts.assumesSeed(request.plan), request.plan.steps.contains(where: { $0.kind != .load }) {
                recorder.note(
                    "The seed's Corefile stands in for the one in force, as none was given: expectations may be wrong."
                )
            }
            try await body(site, nil)
            return
        }
        let expected = try labExpectations()
        try await withLab(options, as: request.candidateLab == nil ? nil : "a", recorder) { lab in
            var site = try Site.lab(lab, targets: request.plan.targets, expectations: expected?.expectations)
            site.doctorPaths = request.nodeFacts.doctorPaths.inside(lab)
            recorder.record { $0.targets = Self.targets(site.targets) }
            if let expected {
                recorder.note("Expectations come from \(expected.source), whatever Corefile the cache runs.")
            }
            guard let other = request.candidateLab else { return try await body(site, nil) }
            try await withLab(other, as: "b", recorder) { lab in
                let candidateSite = try Site.lab(lab, targets: request.plan.targets)
                try await body(site, candidateSite)
            }
        }
    }

    /// Starts a lab, does something there, and takes it down, whatever happens.
    ///
    /// - Parameter name: what the lab is for when there is more than one.
    private func withLab(
        _ options: LabOptions,
        as name: String?,
        _ recorder: RunRecorder,
        _ body: (Lab) async throws -> Void
    ) async throws {
        let title = name.map { "lab of \($0)" } ?? "lab"
        progress.begin(title)
        let lab = try await Lab.start(options, executable: request.executable, stop: stop) { progress.update(0.5, $0) }
        progress.end(
            "\(options.topology.rawValue), \(options.cache.label)"
                + (options.defects.isEmpty
                    ? "" : " with \(options.defects.map(\.rawValue).joined(separator: ", "))")
        )
        do {
            let heading = title.prefix(1).uppercased() + title.dropFirst()
            recorder.note("\(heading): topology \(options.topology.rawValue), cache \(options.cache.label).")
            let place = name.map { " in \($0)" } ?? ""
            for defect in options.defects { recorder.note("Defect switched on\(place): \(defect.rawValue).") }
            for staged in lab.stagedFaults {
                recorder.note("Fault staged\(place): \(staged.fault.rawValue) (\(staged.evidence)).")
            }
            try await body(lab)
            try lab.checkHealth()
        } catch {
            let tail = lab.cacheLogTail
            await lab.stop()
            if !tail.isEmpty { recorder.note("Last words of the cache: \(tail)") }
            throw error
        }
        await lab.stop()
    }

    /// What a lab is judged by when that is not the Corefile that its cache runs.
    private func labExpectations() throws -> (source: String, expectations: CorefileExpectations)? {
        switch request.plan.expectations.corefile {
        case .live: return nil
        case .seed: return ("the seed's Corefile", try Lab.expectations(of: Seed.corefile, file: Seed.file))
        case .file(let path):
            let text = try TextFile.read(path, what: "the expected Corefile")
            return (path, try Lab.expectations(of: text, file: path))
        }
    }

    private func run(at site: Site, candidateSite: Site? = nil, recorder: RunRecorder) async throws {
        try await PlanRunner(
            plan: request.plan,
            site: site,
            candidateSite: candidateSite,
            recorder: recorder,
            stop: stop,
            progress: progress,
            seed: request.seed,
            settings: PlanRunner.Settings(
                isStrict: request.isStrict,
                capturePath: request.capturePath,
                profile: request.profile,
                probesTargets: request.probesTargets,
                explains: request.explains,
                catalogue: request.catalogue,
                keepsIntervalHistograms: request.keepsIntervalHistograms,
                captureLosesOneIn: request.captureLosesOneIn
            )
        ).run()
    }

    /// A comparison was asked for and every pair of it was left out, or a load measured the generator.
    private static func measuredNothing(_ document: ResultDocument) -> Bool {
        // Of a comparison only the valid pairs count, so that its own loads are none of this.
        let isInvalid = (document.load ?? []).contains {
            $0.invalidReason != nil && $0.phase != CompareStage.phase && $0.phase != "find-max"
        }
        if isInvalid { return true }
        guard let comparison = document.comparison else { return false }
        return comparison.pairs == 0 && (comparison.discardedPairs ?? 0) > 0
    }

    static func write(_ document: ResultDocument, to folder: ResultStore.Run) throws {
        try document.write(to: folder.resultPath)
        try DurableFile.write(Array(HTMLReport.render(document, history: folder.history()).utf8), to: folder.reportPath)
    }

    private static func targets(_ targets: [Target]) -> [TargetRecord] {
        targets.map {
            TargetRecord(
                name: $0.name,
                address: $0.endpoint.address.description,
                port: $0.endpoint.port,
                role: $0.role.rawValue
            )
        }
    }

    private static func scenario(_ plan: Plan) -> ScenarioRecord {
        ScenarioRecord(id: plan.id, sha256: SHA256.hexadecimal(of: plan.text), resolved: JSONValue(plan.resolved))
    }
}

extension JSONValue {
    /// The resolved plan in the document's own type.
    init(_ value: ResolvedValue) {
        self =
            switch value {
            case .object(let members): .object(members.mapValues(JSONValue.init))
            case .array(let items): .array(items.map(JSONValue.init))
            case .string(let text): .string(text)
            case .integer(let number): .integer(number)
            case .number(let number): .number(number)
            case .boolean(let truth): .bool(truth)
            }
    }
}

extension LabCache {
    /// The cache in a few words.
    package var label: String {
        switch self {
        case .reference: "reference cache"
        case .peer(let peer): peer.rawValue
        case .binary(let path): path
        }
    }
}
