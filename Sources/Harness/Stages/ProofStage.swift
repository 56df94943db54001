package import Capture
package import DNSWire
package import LinuxNet
package import NodeLocal
import Results
package import Scenario

/// Sends stimuli of its own, looks at what they caused upstream, and judges.
package struct ProofStage: Sendable {
    /// Where.
    package var site: Site
    /// The wire.
    package var capture: LiveCapture
    /// The version of the CoreDNS under test, if known.
    package var version: CoreDNSVersion?

    /// Makes a stage.
    package init(site: Site, capture: LiveCapture, version: CoreDNSVersion?) {
        self.site = site
        self.capture = capture
        self.version = version
    }

    /// Runs the step and gives one proof for each id that it asks for.
    ///
    /// Only what was captured during the stage is judged, so traffic of other stages cannot lend or cost a proof.
    package func run(
        _ step: ProveStep,
        target: Endpoint,
        nonce: String,
        stop: StopFlag,
        progress: ProgressReporter
    ) async throws -> [Proof] {
        let zones = site.proofZones
        guard !zones.isEmpty else {
            return step.proofs.map {
                Proof(id: $0.rawValue, verdict: .unprovable, reason: "The Corefile in force is not known.")
            }
        }
        let control = try ActiveControl.plan(
            zones: zones,
            nonce: nonce,
            upstream: site.scripted == nil ? .real : .scripted,
            misses: step.misses,
            repeats: step.repeats
        )
        var requirements = ProofRequirements()
        requirements.coreDNS = version.map { ReleaseNumber($0.major, $0.minor, $0.patch) }
        requirements.freshNames = control.freshNames
        let before = await UpstreamWitnesses.read(site)
        await capture.flush()
        let mark = capture.beginObservation(zones: zones, requirements: requirements)
        capture.beginCounting()
        let sent = try await Threads.run(name: "stimuli", namespace: site.clientNamespace) {
            try Self.send(control, to: target, stop: stop, progress: progress)
        }
        let isFlushed = await capture.flush()
        guard var observation = capture.endObservation(mark) else {
            return step.proofs.map {
                Proof(id: $0.rawValue, verdict: .inconclusive, reason: "Another stage took over the capture.")
            }
        }
        if !isFlushed { observation.losses.unrecorded += 1 }
        // What the capture missed of our own stimuli, it misses of the rest as well.
        let seen = capture.endCounting()?.queries(from: [sent.source]) ?? 0
        if seen > 0, seen < sent.queries { observation.losses.unseenStimuli += sent.queries - seen }
        let witnesses = UpstreamWitnesses(before: before, after: await UpstreamWitnesses.read(site))
        return step.proofs.map { id in
            switch id {
            case .forceTCP: witnesses.heard(on: Proof.combined(id: id.rawValue, observation.forceTCP))
            case .cache: Proof.combined(id: id.rawValue, observation.cache)
            }
        }
    }

    /// Sends each stimulus at its time and drains the answers; what they say is read from the capture.
    ///
    /// - Returns: From where how many were sent.
    private static func send(
        _ control: ActiveControl,
        to target: Endpoint,
        stop: StopFlag,
        progress: ProgressReporter
    ) throws -> (source: Endpoint, queries: UInt64) {
        let socket = try UDPSocket(connectedTo: target)
        let events = control.stimuli
            .flatMap { stimulus in stimulus.sendAtNanoseconds.map { (at: $0, stimulus: stimulus) } }
            .sorted { $0.at < $1.at }
        let source = try socket.localEndpoint
        var sent: UInt64 = 0
        let start = Clock.monotonicNanoseconds()
        for (index, event) in events.enumerated() {
            while Clock.monotonicNanoseconds() < start + event.at {
                guard !stop.isRaised else { return (source, sent) }
                let rest = start + event.at - Clock.monotonicNanoseconds()
                _ = try? socket.receive(timeoutNanoseconds: min(max(rest, 0), 50_000_000))
            }
            let id = UInt16.random(in: 0...UInt16.max)
            try socket.send(try Message.query(id: id, name: event.stimulus.name, type: event.stimulus.type).encode())
            sent += 1
            progress.update(Double(index + 1) / Double(events.count), "\(event.stimulus.zone)")
        }
        // The last answers may take as long as a slow upstream does.
        let end = Clock.deadline(after: 500_000_000)
        while Clock.monotonicNanoseconds() < end, !stop.isRaised {
            _ = try? socket.receive(timeoutNanoseconds: 50_000_000)
        }
        return (source, sent)
    }
}

extension ProofRecord {
    /// The proof as the result document has it.
    package init(_ proof: Proof, files: [CaptureFileSummary] = []) {
        self.init(
            id: proof.id,
            verdict: Verdict(rawValue: proof.verdict.rawValue) ?? .inconclusive,
            reason: proof.reason,
            evidence: proof.evidence.map { EvidenceRecord($0, files: files) }
        )
    }
}
