package import Capture
package import Conformance
package import DNSWire
package import LinuxNet
package import NodeLocal
package import Results
import Scenario

/// Runs checks at a site and puts their outcomes into the document.
package struct CheckStage: Sendable {
    /// Where.
    package var site: Site
    /// The upstream side, or nil and the reason.
    package var capture: LiveCapture?
    /// Why there is no capture.
    package var captureAbsence = "the upstream side is not captured"
    /// The version of the CoreDNS under test; nil judges by the requirements alone.
    package var version: CoreDNSVersion?
    /// Judge by the requirements alone.
    package var isStrict = false
    /// The run's seed.
    package var seed: UInt64
    /// The checks to choose from; nil for the built-in ones.
    package var catalogue: CheckCatalogue?

    /// Makes a stage.
    package init(
        site: Site,
        capture: LiveCapture?,
        captureAbsence: String? = nil,
        version: CoreDNSVersion?,
        isStrict: Bool,
        seed: UInt64
    ) {
        self.site = site
        self.capture = capture
        if let captureAbsence { self.captureAbsence = captureAbsence }
        self.version = version
        self.isStrict = isStrict
        self.seed = seed
    }

    /// Runs the selected checks.
    ///
    /// - Parameters:
    ///   - target: who is checked.
    ///   - selection: sections and ids; empty for all.
    ///   - tiers: tiers to run; empty for all.
    package func run(
        target: Endpoint,
        selection: CheckSelection,
        tiers: [Int],
        stop: StopFlag,
        progress: ProgressReporter
    ) async throws -> [CheckOutcome] {
        let catalogue = try self.catalogue ?? CheckCatalogue.builtin()
        let selected = try catalogue.select(selection).filter { tiers.isEmpty || tiers.contains($0.tier.rawValue) }
        guard !selected.isEmpty else {
            throw Failure(.noVerdict, "no check is selected: no check of these sections and ids has tier \(tiers)")
        }
        let runner = CheckRunner(
            catalogue: CheckCatalogue(checks: selected),
            context: context(target),
            options: CheckRunOptions(isStrict: isStrict, seed: seed),
            stop: stop
        )
        return try await runner.run(CheckSelection()) { step in
            progress.update(
                Double(step.finished) / Double(max(step.total, 1)),
                "\(step.latest.id) \(step.latest.status)"
            )
        }
    }

    private func context(_ target: Endpoint) -> CheckContext {
        let zones = site.expectations.map(TargetExpectations.init) ?? TargetExpectations(zones: [])
        var context = CheckContext(target: target, expectations: zones)
        context.clientNamespace = site.clientNamespace
        context.nodeNamespace = site.nodeNamespace
        context.clusterDNS = site.cluster?.endpoint
        context.version = version.flatMap { VersionNumber($0.description) }.flatMap { $0.isRelease ? $0 : nil }
        let reader = NodeReader(namespace: site.nodeNamespace, target: target, lab: site.lab)
        context.lookAtNode = { await reader.read() }
        context.lab = site.lab.map(LabControl.init)
        context.observer = capture.map(UpstreamObserver.init)
        context.captureAbsence = captureAbsence
        context.scripted = site.scripted
        context.services = site.services
        context.health = site.health
        context.metrics = site.metrics
        for address in site.roles.clusterDNS { context.upstreamAliases[address] = site.roles.endpoints }
        return context
    }
}

extension CheckRecord {
    /// The outcome as the result document has it.
    ///
    /// - Parameter explains: keep the octets that were sent and received, if the check did not pass.
    package init(_ outcome: CheckOutcome, explains: Bool) {
        self.init(
            id: outcome.id,
            section: outcome.section,
            title: outcome.title,
            severity: outcome.severity.rawValue,
            status: Status(rawValue: outcome.status.rawValue) ?? .error,
            tags: outcome.tags,
            requirement: outcome.requirement,
            source: outcome.source,
            expected: outcome.expected,
            actual: outcome.actual,
            remediation: outcome.remediation,
            evidence: outcome.evidence.map { evidence in
                var text = evidence.text
                if explains, outcome.status != .pass {
                    if !evidence.sentHex.isEmpty { text += "; sent \(evidence.sentHex)" }
                    if !evidence.receivedHex.isEmpty { text += "; received \(evidence.receivedHex)" }
                }
                return EvidenceRecord(
                    frame: evidence.frame.map { UInt64(clamping: $0) },
                    ts: evidence.realtimeNanoseconds.map(Timestamp.init(realtimeNanoseconds:)),
                    text: text
                )
            },
            durationNanoseconds: outcome.durationNanoseconds
        )
    }
}
