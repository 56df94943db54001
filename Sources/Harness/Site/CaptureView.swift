package import Capture
package import DNSWire
import LinuxNet
import NodeLocal
package import Results

/// How a capture by itself, without a run around it, is looked at: roles, zones, proofs, text.
package struct CaptureView: Sendable {
    /// The proofs that a capture can give.
    package static let proofIDs = ["force-tcp", "cache"]
    /// Who is who on the wire.
    package let roles: CaptureRoles
    private let zones: [ProofZone]
    private let selection: MessageSelection
    private let proofs: [String]

    /// Makes a view; what is not given is as the seed has it.
    ///
    /// - Parameters:
    ///   - endpoints: cluster DNS pods as the wire shows them; without them no upstream proof is possible.
    ///   - corefilePath: the Corefile whose zones are judged; the seed's if nil.
    package init(
        listen: [Endpoint]?,
        clusterDNS: [IPAddress]?,
        endpoints: [IPAddress],
        nodeAddresses: [IPAddress],
        corefilePath: String?,
        selection: MessageSelection = MessageSelection(),
        proofs: [String]
    ) throws {
        self.selection = selection
        let listen = listen ?? [Endpoint(address: .v4(0xA9FE_140A), port: 53)]
        let clusterDNS = clusterDNS ?? [.v4(0x0A60_000A)]
        let text = try corefilePath.map { try TextFile.read($0, what: "the Corefile") } ?? Seed.corefile
        let pillars = Pillars(
            clusterDNS: clusterDNS.first,
            upstreamServers: ["/etc/resolv.conf"],
            localDNS: listen.map(\.address)
        )
        let corefile = try Corefile.parse(pillars.replacing(in: text), file: corefilePath ?? Seed.file)
        let expectations = CorefileExpectations(corefile)
        let upstreams = Set(expectations.zones.flatMap { $0.upstreams.map(\.address) }).subtracting(clusterDNS)
        roles = CaptureRoles(
            listen: listen,
            clusterDNS: clusterDNS,
            endpoints: endpoints,
            externals: Array(upstreams),
            nodeAddresses: nodeAddresses
        )
        zones = expectations.zones.map { zone in
            ProofZone(
                zone,
                addresses: zone.upstreams.flatMap { clusterDNS.contains($0.address) ? endpoints : [$0.address] }
            )
        }
        self.proofs = proofs
    }

    /// What to look for in frames.
    ///
    /// Single messages are not kept: what is shown was counted while they passed.
    package var options: CaptureOptions {
        var limits = CaptureLimits()
        limits.records = 0
        var options = CaptureOptions(roles: roles, zones: zones, limits: limits)
        options.selection = selection
        return options
    }

    /// The duration that a text such as `30s` means, in nanoseconds.
    package static func nanoseconds(_ text: String) -> Int64? { DurationText.nanoseconds(text) }

    /// Everything that frames show: the proofs that were asked for, and the faults.
    package func findings(_ result: CaptureResult) -> [EvidenceFinding] {
        let observation = result.observation
        return proofs.flatMap { $0 == "force-tcp" ? observation.forceTCP : observation.cache }.map(EvidenceFinding.init)
            + result.findings.faults.seen.map { fault in
                EvidenceFinding(
                    title: fault.rawValue,
                    reason: fault.meaning,
                    evidence: result.findings.faults.evidence(fault)
                )
            }
    }

    private func judged(_ result: CaptureResult) -> [Proof] {
        let observation = result.observation
        return proofs.map { id in
            Proof.combined(id: id, id == "force-tcp" ? observation.forceTCP : observation.cache)
        }
    }

    /// The capture as a result document, with the proofs that were asked for; it begins and ends when the capture did.
    package func document(_ result: CaptureResult, command: [String]) -> ResultDocument {
        let judged = judged(result)
        let targets = roles.listen.map {
            TargetRecord(name: "cache", address: $0.address.description, port: $0.port, role: "cache")
        }
        let recorder = RunRecorder(tool: BuildInfo.tool, command: command, seed: 0, targets: targets, scenario: nil)
        recorder.record { $0.capture = CaptureRecord(result, proofs: judged) }
        for file in result.files {
            let name = result.files.count > 1 ? file.path : "The file"
            if let damage = file.damage { recorder.note(damage.description(of: name)) }
            if !file.remarks.isEmpty { recorder.note("\(name) has \(file.remarks).") }
        }
        var document = recorder.finish(status: result.damage == nil ? .complete : .aborted, isStrict: false)
        if let span = result.span {
            document.started = Results.Timestamp(realtimeNanoseconds: span.lowerBound)
            document.ended = Results.Timestamp(realtimeNanoseconds: span.upperBound)
        }
        return document
    }
}

extension ProofZone {
    /// A zone of a Corefile, with the addresses at which the wire shows its upstream.
    init(_ zone: ZoneExpectation, addresses: [IPAddress]) {
        self.init(
            name: zone.zone,
            upstream: zone.transport == .tcp ? .tcp : .other,
            upstreamAddresses: addresses,
            isCached: zone.cache != nil,
            servesStale: zone.cache?.serveStale != nil,
            verifiesStaleNanoseconds: zone.cache?.serveStale.map { $0.verifies ? $0.upToNanoseconds : 0 } ?? 0,
            keepsTTL: zone.cache?.keepsTTL ?? false,
            successTTLCap: zone.successTTLCap,
            denialTTLCap: zone.denialTTLCap,
            successTTLFloor: zone.cache?.success.minimumTTL ?? 0,
            denialTTLFloor: zone.cache?.denial.minimumTTL ?? 0,
            capacity: zone.successCapacity
        )
    }
}
