import DNSWire
import Glibc
import LinuxNet
import Synchronization

/// Staging of faults: each is seen to be there before the lab is given away.
extension Lab {
    /// Stages the faults of the lab's options, in their order.
    func stageFaults(stop: StopFlag) async throws(LabError) {
        for fault in options.faults {
            if stop.isRaised { throw .stopped }
            let evidence: String
            do throws(LabError) {
                evidence = try await stage(fault, stop)
            } catch {
                if error == .stopped { throw error }
                throw .fault(name: fault.rawValue, reason: error.description)
            }
            state.withLock { $0.faults.append(StagedFault(fault: fault, evidence: evidence)) }
        }
    }

    /// The faults that stand in the lab.
    package var stagedFaults: [StagedFault] { state.withLock { $0.faults } }

    private func stage(_ fault: LabFault, _ stop: StopFlag) async throws(LabError) -> String {
        switch fault.staging {
        case .defect(let defect): return "the reference cache has the defect \(defect.rawValue)"
        case .corefile: return "the cache runs on a changed Corefile"
        case .rules(let rules):
            try requireNode()
            let place = rules.place == .node ? network.node : network.cluster
            try await LabCommand.run(.nft, ["-f", "-"], namespace: network.path(of: place), input: rules.script)
            return try Self.seen(rules.evidence(await packetRules(of: place)), "the list of rules does not show it")
        case .links(let lines, let proof, let topology):
            try requireNode(topology)
            let node = network.path(of: network.node)
            let batch = lines.map { $0 + "\n" }.joined()
            try await LabCommand.run(.ip, ["-batch", "-"], namespace: node, input: batch)
            let answer = (try? await LabCommand.run(.ip, proof.question, namespace: node)) ?? ""
            let question = "ip \(proof.question.joined(separator: " "))"
            guard answer.contains(proof.text) == proof.isThere else {
                throw .options("\(question) does not show it")
            }
            return "\(question) \(proof.isThere ? "has" : "does not say") \(proof.text)"
        case .disturbance(let kind, let arguments): return try await disturb(kind, arguments, stop)
        case .podDisturbance(let kind, let arguments):
            return try await disturb(kind, arguments, from: network.pod, stop) + " in the pod"
        case .settings(let settings, let kind, let arguments): return try await set(settings, kind, arguments, stop)
        case .act(let act): return try await perform(act, stop)
        }
    }

    private func set(
        _ settings: [String: String],
        _ kind: Disturbance?,
        _ arguments: [String],
        _ stop: StopFlag
    ) async throws(LabError) -> String {
        try requireNode()
        try LabNetwork.set(settings, in: network.node)
        for (name, value) in settings {
            let found = try LabNetwork.setting(name, in: network.node)
            let words = found.split { $0 == " " || $0 == "\t" || $0 == "\n" }.joined(separator: " ")
            guard words == value else { throw .options("net.ipv4.\(name) is '\(words)' and not '\(value)'") }
        }
        let text = settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
        guard let kind else { return text }
        return try await text + "; " + disturb(kind, arguments, stop)
    }

    /// Starts a program that disturbs, on the node or elsewhere, and waits until it says that it does.
    func disturb(
        _ kind: Disturbance,
        _ arguments: [String],
        from place: NetworkNamespace? = nil,
        _ stop: StopFlag
    ) async throws(LabError) -> String {
        try requireNode()
        let node = network.path(of: network.node)
        if kind.sendsIntoNothing {
            // A neighbour with the address of no interface: what is sent there ends on the other side of the wire.
            let neighbour = ["neigh", "replace", "\(LabLayout.sink)", "lladdr", "02:00:00:00:4d:01"]
            try await LabCommand.run(.ip, neighbour + ["dev", "eth0", "nud", "permanent"], namespace: node)
        }
        var words = [executable, "lab-role", "disturb", kind.rawValue] + arguments
        if kind.concernsCache { words.append("\(try cacheProgramID())") }
        let name = "the program that disturbs (\(kind.rawValue))"
        let part = try LabPart(
            name: name,
            command: words,
            namespace: network.path(of: place ?? network.node),
            logPath: "\(directory.path)/\(kind.rawValue).log"
        )
        state.withLock { $0.servers.append(part) }
        try await part.waitUntilReady(deadline: Clock.deadline(after: 60_000_000_000), stop: stop)
        return
            "process \(part.processID.map(String.init) ?? "?") does \(kind.rawValue) \(arguments.joined(separator: " "))"
    }

    /// Refuses a fault of the node where there is no node of its own, or not the one that it needs.
    func requireNode(_ topology: LabTopology? = nil) throws(LabError) {
        guard network.isSeparate else {
            throw .options("topology 'loopback' has no node of its own; use ipvs or iptables")
        }
        guard topology == nil || topology == options.topology else {
            throw .options("it is a fault in topology '\(topology?.rawValue ?? "")' only")
        }
    }

    /// The process of the cache itself, also below a supervisor.
    func cacheProgramID() throws(LabError) -> Int32 {
        let (cache, isSupervised) = state.withLock { ($0.cache, !$0.command.watchesStandardInput) }
        guard let processID = cache?.processID,
            let program = isSupervised ? LabProcess.child(of: processID) : processID
        else { throw .options("the cache is not running") }
        return program
    }

    static func seen(_ evidence: String?, _ otherwise: String) throws(LabError) -> String {
        guard let evidence else { throw .options(otherwise) }
        return evidence
    }
}
