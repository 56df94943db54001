import Doctor
import Glibc
import Lab
package import LinuxNet
import Results

/// Looks at one node again and again; a lab stands until the last look.
package struct DoctorRounds: Sendable {
    private let session: RunSession
    private let progress: ProgressReporter

    /// Makes the rounds of a request whose plan has the one step `doctor`.
    package init(_ request: RunSession.Request, stop: StopFlag, progress: ProgressReporter) {
        session = RunSession(request, stop: stop, progress: progress)
        self.progress = progress
    }

    /// Looks once, or from then on each so many nanoseconds until the stop flag is raised; a look that takes longer is
    /// followed by the next at once.
    ///
    /// - Parameter each: gets every look that came to its end.
    /// - Returns: the folder with the first look's result, or nil when none was wanted.
    @discardableResult
    package func run(everyNanoseconds: Int64?, each: (DoctorLook) throws -> Void) async throws -> String? {
        let recorder = session.makeRecorder()
        let folder = try session.makeFolder(recorder)
        let stop = session.stop
        try await session.withSite(recorder) { site, _ in
            let begun = recorder.snapshot
            var next = Clock.monotonicNanoseconds()
            // A node's memory is for its pods, not for a doctor that waits: here for what starting up took, below for a look.
            if everyNanoseconds != nil { ProcessUsage.releasePages() }
            while !stop.isRaised {
                try site.lab?.checkHealth()
                guard
                    let look = try await look(
                        at: site,
                        RunRecorder(repeating: begun),
                        isRepeated: everyNanoseconds != nil
                    )
                else { return }
                if let folder { try RunSession.write(look.document, to: folder) }
                try each(look)
                guard let everyNanoseconds else { return }
                ProcessUsage.releasePages()
                next = max(next + everyNanoseconds, Clock.monotonicNanoseconds())
                while !stop.isRaised, Clock.monotonicNanoseconds() < next {
                    let rest = next - Clock.monotonicNanoseconds()
                    try? await Task.sleep(nanoseconds: UInt64(max(1, min(rest, 200_000_000))))
                }
            }
        }
        return folder?.folder
    }

    private func look(at site: Site, _ recorder: RunRecorder, isRepeated: Bool) async throws -> DoctorLook? {
        let stage = DoctorStage(site: site, isCaptureRunning: false, isPartOfRun: false, isRepeated: isRepeated)
        let findings = try await stage.run(recorder: recorder, stop: session.stop, progress: progress)
        guard !findings.isEmpty else { return nil }
        var document = recorder.finish(status: .complete, isStrict: session.request.isStrict)
        // A verdict needs at least one thing that could be judged.
        if document.verdict == .pass, !findings.contains(where: { $0.status == .pass }) {
            document.verdict = .inconclusive
            document.reasons = ["nothing of the node could be judged"]
        }
        return DoctorLook(findings: findings, document: document)
    }
}
