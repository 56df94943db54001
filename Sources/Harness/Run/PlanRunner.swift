import Capture
package import Conformance
import DNSBench
import DNSWire
package import LinuxNet
import Measure
import NodeLocal
import Results
package import Scenario

/// Runs the steps of a plan at a site, one after the other, and evaluates the gates at the end.
package struct PlanRunner: Sendable {
    private let plan: Plan
    private let site: Site
    private let candidateSite: Site?
    private let recorder: RunRecorder
    private let stop: StopFlag
    private let progress: ProgressReporter
    private let seed: UInt64
    private let settings: Settings

    /// How a plan is run.
    package struct Settings: Sendable {
        /// Checks are judged by their requirements alone.
        package var isStrict = false
        /// Where to write the captured frames, or nil.
        package var capturePath: String?
        /// The id of a profile that replaces the plan's, or nil.
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

        /// Makes the settings.
        package init(
            isStrict: Bool = false,
            capturePath: String? = nil,
            profile: String? = nil,
            probesTargets: Bool = true,
            explains: Bool = false,
            catalogue: CheckCatalogue? = nil,
            keepsIntervalHistograms: Bool = false,
            captureLosesOneIn: UInt64? = nil
        ) {
            self.isStrict = isStrict
            self.capturePath = capturePath
            self.profile = profile
            self.probesTargets = probesTargets
            self.explains = explains
            self.catalogue = catalogue
            self.keepsIntervalHistograms = keepsIntervalHistograms
            self.captureLosesOneIn = captureLosesOneIn
        }
    }

    /// Makes a runner; the recorder receives each part of the document as soon as it is there.
    ///
    /// - Parameter candidateSite: where the candidate of comparisons is, when not at `site`.
    package init(
        plan: Plan,
        site: Site,
        candidateSite: Site? = nil,
        recorder: RunRecorder,
        stop: StopFlag,
        progress: ProgressReporter,
        seed: UInt64,
        settings: Settings
    ) {
        self.plan = plan
        self.site = site
        self.candidateSite = candidateSite
        self.recorder = recorder
        self.stop = stop
        self.progress = progress
        self.seed = seed
        self.settings = settings
    }

    /// Runs everything; returns early, without an error, when stopped.
    package func run() async throws {
        // All input is read first: what is wrong with it is told before anything is sent.
        let prepared = try plan.steps.map { step -> PreparedLoad? in
            if case .load(let load) = step { try prepare(load) } else { nil }
        }
        if settings.probesTargets {
            let isAllTCP = plan.steps.allSatisfy { step in
                if case .load(let load) = step { load.path.transport == .tcp } else { false }
            }
            try await SiteProbe.requireAnswers(site, from: try senderNamespace(), overTCP: isAllTCP, stop: stop)
            if let other = candidateSite {
                try await SiteProbe.requireAnswers(other, from: other.clientNamespace, overTCP: isAllTCP, stop: stop)
            }
        }
        // What a load measures does not depend on what answers it.
        let needsVersion = plan.steps.contains { [.check, .prove, .compare].contains($0.kind) }
        let version = needsVersion ? try await coreDNSVersion() : nil
        let capture = try openCapture()
        var proofs: [Proof] = []
        var stageError: (any Error)?
        do {
            for (step, load) in zip(plan.steps, prepared) where !stop.isRaised {
                proofs += try await run(
                    step,
                    prepared: load,
                    capture: capture.live,
                    absence: capture.absence,
                    version: version
                )
            }
        } catch {
            stageError = error
        }
        if let live = capture.live {
            let result = try live.stop()
            recorder.record { document in
                document.capture = CaptureRecord(result, proofs: proofs)
            }
            if let failure = live.failure { recorder.note("The capture ended by itself: \(failure).") }
        }
        if let stageError { throw stageError }
        guard !stop.isRaised, !plan.gates.isEmpty else { return }
        let outcomes = ScenarioGates.outcomes(plan.gates, GateFacts.facts(recorder.snapshot))
        recorder.record { $0.gate = GateRecord(outcomes: outcomes) }
    }

    private func run(
        _ step: Step,
        prepared: PreparedLoad?,
        capture: LiveCapture?,
        absence: String?,
        version: CoreDNSVersion?
    ) async throws -> [Proof] {
        switch step {
        case .check(let step):
            try await check(step, capture: capture, absence: absence, version: version)
        case .prove(let step):
            return try await prove(step, capture: capture, absence: absence, version: version)
        case .load(let step):
            try await load(step, try prepared ?? prepare(step), capture: capture)
        case .compare(let step):
            try await compare(step, capture: capture)
        case .doctor:
            try await DoctorStage(site: site, isCaptureRunning: capture != nil, isPartOfRun: true).run(
                recorder: recorder,
                stop: stop,
                progress: progress
            )
        case .wait(let step):
            progress.begin("waiting")
            let end = Clock.deadline(after: step.durationNanoseconds)
            while Clock.monotonicNanoseconds() < end, !stop.isRaised {
                try? await Task.sleep(nanoseconds: 50_000_000)
            }
            progress.end("done")
        }
        return []
    }

    private func check(
        _ step: Scenario.CheckStep,
        capture: LiveCapture?,
        absence: String?,
        version: CoreDNSVersion?
    ) async throws {
        progress.begin("checks")
        var stage = CheckStage(
            site: site,
            capture: capture,
            captureAbsence: absence,
            version: version,
            isStrict: settings.isStrict || step.isStrict,
            seed: seed
        )
        stage.catalogue = settings.catalogue
        let outcomes = try await stage.run(
            target: try target(step.target).endpoint,
            selection: CheckSelection(sections: step.sections, ids: step.ids),
            tiers: step.tiers,
            stop: stop,
            progress: progress
        )
        recorder.record { document in
            document.checks = (document.checks ?? []) + outcomes.map { CheckRecord($0, explains: settings.explains) }
        }
        let counts = CheckStatus.allCases.compactMap { status -> String? in
            let count = outcomes.filter { $0.status == status }.count
            return count > 0 ? "\(count) \(status.rawValue)" : nil
        }
        progress.end(counts.joined(separator: ", "))
    }

    private func prove(
        _ step: ProveStep,
        capture: LiveCapture?,
        absence: String?,
        version: CoreDNSVersion?
    ) async throws -> [Proof] {
        progress.begin("proofs")
        guard let capture else {
            progress.end("no capture")
            return step.proofs.map {
                Proof(id: $0.rawValue, verdict: .unprovable, reason: absence ?? "There is no capture.")
            }
        }
        let stage = ProofStage(site: site, capture: capture, version: version)
        let proofs = try await stage.run(
            step,
            target: try target(step.target).endpoint,
            nonce: String(seed, radix: 36) + String(UInt32.random(in: 0...UInt32.max), radix: 36),
            stop: stop,
            progress: progress
        )
        guard !stop.isRaised else {
            progress.end("interrupted")
            return []
        }
        progress.end(proofs.map { "\($0.id) \($0.verdict.rawValue)" }.joined(separator: ", "))
        return proofs
    }

    private func load(_ step: LoadStep, _ prepared: PreparedLoad, capture: LiveCapture?) async throws {
        progress.begin("load on \(step.target)")
        let reader = LossReader(target: try target(step.target), client: prepared.plan.namespace, site: site)
        let capacity = try await capacity(step)
        if case .findMax(let settings) = step.shape.pace {
            return try await findMax(settings, prepared, reader, capture, capacity)
        }
        if let phases = step.phases {
            let found = try await PhaseStage(
                phases: phases,
                prepared: prepared,
                reader: reader,
                capture: capture,
                capacity: capacity,
                stop: stop,
                progress: progress
            ).run()
            recorder.record { document in
                document.load = (document.load ?? []) + found.loads
                document.notes = (document.notes ?? []) + found.notes
            }
            return progress.end("\(found.loads.count) of \(phases.phases.count) phases measured")
        }
        let record = try await LoadStage.measure(
            prepared.plan,
            prepared.workload,
            reader: reader,
            capture: capture,
            capacity: capacity,
            stop: stop,
            progress: progress
        ).record
        recorder.record { document in
            document.load = (document.load ?? []) + [record]
            if !prepared.notes.isEmpty { document.notes = (document.notes ?? []) + prepared.notes }
        }
        progress.end("\(record.counters.answered) of \(record.counters.scheduled) answered")
    }

    private func findMax(
        _ settings: FindMaxPlan,
        _ prepared: PreparedLoad,
        _ reader: LossReader,
        _ capture: LiveCapture?,
        _ capacity: Double?
    ) async throws {
        let found = try await FindMaxStage(
            settings: settings,
            prepared: prepared,
            reader: reader,
            capture: capture,
            capacity: capacity,
            stop: stop,
            progress: progress
        ).run()
        recorder.record { document in
            document.findMax = (document.findMax ?? []) + [found.search]
            if let load = found.load { document.load = (document.load ?? []) + [load] }
        }
        progress.end(found.search.sentence)
    }

    /// What the generator gets from an echo, if the step wants to know.
    private func capacity(_ step: LoadStep) async throws -> Double? {
        guard step.path.isCalibrated, !stop.isRaised else { return nil }
        return try await Calibration.answersPerSecond(
            transport: DNSBench.LoadTransport(step.path.transport),
            threads: step.path.threads,
            stop: stop
        )
    }

    private func prepare(_ step: LoadStep) throws -> PreparedLoad {
        let source = try workload(step.workload)
        return try PreparedLoad(
            step,
            workload: source,
            target: try target(step.target),
            site: site,
            seed: seed,
            keepsHistograms: settings.keepsIntervalHistograms
        )
    }

    /// Where the first load that names a namespace sends from, else where clients are.
    private func senderNamespace() throws -> NetworkNamespace? {
        for case .load(let load) in plan.steps {
            if let name = load.path.namespace { return try ClientNamespace.open(name) }
        }
        return site.clientNamespace
    }

    private func compare(_ step: CompareStep, capture: LiveCapture?) async throws {
        progress.begin("comparing \(step.a) and \(step.b)")
        if let candidateSite {
            // What its page does not tell is not that of the other side.
            let version = await SiteProbe.version(candidateSite).map { "CoreDNS \($0)" }
            recorder.record { document in
                for index in document.targets.indices where document.targets[index].name == step.b {
                    document.targets[index].version = version
                }
            }
        }
        let source = try workload(step.workload)
        let workload = try WorkloadFactory.make(
            source,
            names: site.names,
            seed: seed,
            missShare: step.cacheState == .cold ? 1 : 0
        )
        var stage = CompareStage(site: site, candidateSite: candidateSite, seed: seed)
        stage.keepsIntervalHistograms = settings.keepsIntervalHistograms
        stage.capture = capture
        let outcome = try await stage.run(
            step,
            a: try target(step.a),
            b: try target(step.b),
            workload: workload,
            digest: source.digest,
            stop: stop,
            progress: progress
        )
        recorder.record { document in
            document.load = (document.load ?? []) + outcome.loads
            document.comparison = outcome.comparison ?? document.comparison
        }
        let verdicts = outcome.comparison?.metrics.map { "\($0.metric.rawValue) \($0.verdict.rawValue)" } ?? []
        progress.end(verdicts.isEmpty ? "no pair was complete" : verdicts.joined(separator: ", "))
    }

    /// The version that the scenario names, else the one that the metrics page tells.
    private func coreDNSVersion() async throws -> CoreDNSVersion? {
        if let profile = settings.profile ?? plan.expectations.profile {
            guard let known = CoreDNSProfile.named(profile) else {
                let lines = CoreDNSProfile.all.map(\.id).joined(separator: ", ")
                throw Failure(.badScenario, "there is no profile \"\(profile)\"; known lines are \(lines)")
            }
            return known.version
        }
        let found = await SiteProbe.version(site)
        // 0.0.0 says of itself that it is no CoreDNS; no version's facts apply to it.
        if found == CoreDNSVersion(0, 0, 0) { return nil }
        let selection = ProfileSelection.select(for: found)
        if let note = selection.note { recorder.note(note) }
        recorder.record { document in
            for index in document.targets.indices where document.targets[index].role == TargetRole.cache.rawValue {
                document.targets[index].version = found.map { "CoreDNS \($0)" }
            }
        }
        return selection.profile.version
    }

    /// Opens the capture if a step can use it; a missing privilege ends the run only if a proof was asked for.
    private func openCapture() throws -> (live: LiveCapture?, absence: String?) {
        let needsProof = plan.steps.contains { $0.kind == .prove }
        guard needsProof || plan.steps.contains(where: { $0.kind == .check }) else { return (nil, nil) }
        do {
            var live = LiveSettings()
            live.writePath = settings.capturePath
            live.losesOneIn = settings.captureLosesOneIn
            // Checks wait for the capture after each step; a short block keeps that wait short.
            live.blockTimeoutMilliseconds = 20
            var limits = CaptureLimits()
            // One question can cause some ten thousand upstream queries when a check makes the upstream fail.
            if site.scripted != nil {
                limits.records = 131_072
                live.bufferBytes = 64 << 20
            }
            let capture = try LiveCapture(
                namespace: site.nodeNamespace,
                options: CaptureOptions(roles: site.roles, zones: site.proofZones, limits: limits),
                settings: live
            )
            try capture.start()
            return (capture, nil)
        } catch {
            guard !needsProof || !error.isPrivilege else { throw Failure(.noPrivilege, error.description) }
            guard error.isPrivilege else { throw error }
            return (nil, error.description)
        }
    }

    private func target(_ name: String) throws -> Scenario.Target {
        guard let target = site.targets.first(where: { $0.name == name }) else {
            throw Failure(.badScenario, "there is no target \"\(name)\"")
        }
        return target
    }

    private func workload(_ name: String) throws -> WorkloadPlan {
        if let workload = plan.workload(name) { return workload }
        guard name == WorkloadPlan.kubernetes.name else {
            throw Failure(.badScenario, "there is no workload \"\(name)\"")
        }
        return .kubernetes
    }
}
