package import Doctor
import Lab
package import LinuxNet
package import Results
import Scenario

/// Looks at the node of a site and records what was found as checks of the section `doctor`.
package struct DoctorStage: Sendable {
    /// The section under which findings stand in a result document.
    package static let section = "doctor"
    private let site: Site
    private let isCaptureRunning: Bool
    private let isPartOfRun: Bool
    private let isRepeated: Bool

    /// Makes a stage.
    ///
    /// - Parameters:
    ///   - site: where the node is.
    ///   - isCaptureRunning: the cluster DNS is not asked then from the node's address, where such queries would look like
    ///     the cache's own.
    ///   - isPartOfRun: a query past the cache may then be the run's, and is not taken for a pod's.
    ///   - isRepeated: the process gives back memory while it waits.
    package init(site: Site, isCaptureRunning: Bool, isPartOfRun: Bool, isRepeated: Bool = false) {
        self.site = site
        self.isCaptureRunning = isCaptureRunning
        self.isPartOfRun = isPartOfRun
        self.isRepeated = isRepeated
    }

    /// Examines the node.
    ///
    /// - Returns: the findings, also recorded.
    @discardableResult
    package func run(recorder: RunRecorder, stop: StopFlag, progress: ProgressReporter) async throws -> [Finding] {
        progress.begin("doctor")
        guard let cache = site.cache, let expectations = site.expectations else {
            throw Failure(.badInput, "doctor needs a cache address and a Corefile; give both")
        }
        var context = DoctorContext(
            namespace: site.nodeNamespace,
            cache: cache.endpoint,
            clusterDNS: site.cluster?.endpoint,
            expectations: expectations,
            corefile: site.corefile,
            health: site.health,
            metrics: site.metrics
        )
        context.isCaptureRunning = isCaptureRunning
        context.isPartOfRun = isPartOfRun
        context.isRepeated = isRepeated
        context.roots = site.doctorPaths.roots
        context.kubeletConfiguration = site.doctorPaths.kubeletConfiguration
        context.podResolvers = site.doctorPaths.podResolvers.map { .file($0) }
        if context.podResolvers.isEmpty, let lab = site.lab {
            context.podResolvers = [.text(lab.podResolverText, of: "the lab's pod")]
        }
        let findings = await Doctor.examine(context, stop: stop)
        guard !stop.isRaised else {
            progress.end("interrupted")
            return []
        }
        recorder.record { $0.checks = ($0.checks ?? []) + findings.map(CheckRecord.init) }
        let counts = FindingStatus.allCases.compactMap { status -> String? in
            let count = findings.filter { $0.status == status }.count
            return count > 0 ? "\(count) \(status.rawValue)" : nil
        }
        progress.end(counts.joined(separator: ", "))
        return findings
    }
}

extension CheckRecord {
    /// A finding as the result document has it.
    package init(_ finding: Finding) {
        self.init(
            id: finding.id.rawValue,
            section: DoctorStage.section,
            title: finding.title,
            severity: "error",
            status: Status(rawValue: finding.status.rawValue) ?? .error,
            requirement: finding.expected,
            source: "node",
            expected: finding.expected,
            actual: finding.status == .fail ? "\(finding.read) — \(finding.meaning)" : finding.read,
            remediation: finding.remediation,
            durationNanoseconds: 0
        )
    }
}
