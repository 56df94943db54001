import DNSWire
import Glibc
package import LinuxNet

extension Lab {
    /// How long all parts together may take to answer, in nanoseconds.
    private static let patienceNanoseconds: Int64 = 20_000_000_000

    /// Makes a lab and waits until everything in it answers.
    ///
    /// - Parameters:
    ///   - executable: path of the program that has the hidden subcommand `lab-role`; the parts run it.
    ///   - stop: raised to give up; what was made so far is taken down.
    ///   - log: gets a line for each stage.
    package static func start(
        _ options: LabOptions,
        executable: String,
        stop: StopFlag,
        log: (String) -> Void = { _ in }
    ) async throws(LabError) -> Lab {
        let plan = try LabPlan(options)
        LabLeftovers.sweep()
        CPUGroup.sweep()
        let network = try await makeNetwork(plan, log: log)
        if stop.isRaised { throw .stopped }
        let directory = try LabDirectory()
        var parts: [LabPart] = []
        do throws(LabError) {
            try noteOwner(of: options, parts: [], network: network, in: directory)
            try directory.write(
                PodCommand.resolverText(plan.options.defects),
                to: "\(directory.path)/\(PodCommand.resolverFile)"
            )
            try directory.write(
                PodCommand.kubeletText(clusterDNS: LabLayout.cache.address),
                to: "\(directory.path)/\(PodCommand.kubeletFile)"
            )
            let command = try await CacheCommand.make(
                plan.options,
                corefile: plan.cacheCorefile,
                expectations: plan.expectations,
                executable: executable,
                directory: directory.path
            )
            parts += try startServers(plan, network, executable: executable, directory: directory)
            let deadline = Clock.deadline(after: patienceNanoseconds)
            for part in parts { try await part.waitUntilReady(deadline: deadline, stop: stop) }
            log("cluster DNS and external upstream are up")
            parts.append(try start(command, in: network, executable: executable, directory: directory))
            let lab = Lab(
                plan,
                network: network,
                directory: directory,
                parts: parts,
                command: command,
                executable: executable
            )
            try await lab.waitUntilServing(deadline: deadline, stop: stop)
            try noteOwner(of: options, parts: parts, network: network, in: directory)
            log("\(command.name) is up on \(lab.cacheEndpoint)")
            do throws(LabError) {
                try await lab.stageFaults(stop: stop)
            } catch {
                await lab.stop()
                throw error
            }
            for staged in lab.stagedFaults { log("fault \(staged.fault.rawValue): \(staged.evidence)") }
            return lab
        } catch {
            await Self.stop(parts)
            directory.remove()
            throw error
        }
    }

    private static func makeNetwork(_ plan: LabPlan, log: (String) -> Void) async throws(LabError) -> LabNetwork {
        switch plan.options.topology {
        case .ipvs:
            try await SeparateTopology.make(holdsServices: true, listen: plan.listen, defects: plan.options.defects)
        case .iptables:
            try await SeparateTopology.make(holdsServices: false, listen: plan.listen, defects: plan.options.defects)
        case .loopback: try await LoopbackTopology.make(listen: plan.listen, log: log)
        }
    }

    private static func startServers(
        _ plan: LabPlan,
        _ network: LabNetwork,
        executable: String,
        directory: LabDirectory
    ) throws(LabError) -> [LabPart] {
        let namespace = network.path(of: network.cluster)
        let addresses =
            network.rewritesServices ? LabLayout.endpoints : [LabLayout.clusterDNS, LabLayout.upstreamService]
        let delay = ["--delay", "\(plan.options.upstreamDelayNanoseconds)ns"]
        let clusterDNS = try LabPart(
            name: "cluster DNS",
            command: [executable, "lab-role", "cluster-dns"] + addresses.flatMap { ["--listen", "\($0)"] }
                + ["--services", "\(plan.options.services)", "--seed", "\(plan.options.seed)"] + delay,
            namespace: namespace,
            logPath: "\(directory.path)/cluster-dns.log"
        )
        let external = try LabPart(
            name: "external upstream",
            command: [executable, "lab-role", "external-dns", "--listen", "\(LabLayout.external)"] + delay,
            namespace: namespace,
            logPath: "\(directory.path)/external-dns.log"
        )
        return [clusterDNS, external]
    }

    static func start(
        _ command: CacheCommand,
        in network: LabNetwork,
        executable: String,
        directory: LabDirectory
    ) throws(LabError) -> LabPart {
        for (path, text) in command.files { try directory.write(text, to: path) }
        let words =
            command.watchesStandardInput ? command.words : [executable, "lab-role", "supervise"] + command.words
        return try LabPart(
            name: command.name,
            command: words,
            namespace: network.path(of: network.node),
            environment: command.environment,
            logPath: "\(directory.path)/cache.log"
        )
    }
}
