import ArgumentParser
import Glibc
import Harness
import Lab
import LinuxNet

/// `nldns lab`: the lab by itself.
struct LabCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lab",
        abstract: "Build the lab, look at it, run a command in it, take it down.",
        subcommands: [Up.self, Down.self, Status.self, Exec.self, Defects.self]
    )

    /// What the lab is made of.
    struct Options: ParsableArguments {
        @OptionGroup var lab: LabFlags

        @Option(help: ArgumentHelp("The Corefile for the cache; the seed's if none is given.", valueName: "path"))
        var corefile: String?

        @Option(help: "The seed of everything generated.")
        var seed: UInt64 = 1

        /// Starts the lab and says where everything is.
        func start(stop: StopFlag) async throws -> Lab {
            var flags = lab
            if flags.lab == nil { flags.lab = .ipvs }
            try flags.enterNamespace()
            let text = try corefile.map { try TextFile.read($0, what: "the Corefile") }
            guard let options = try flags.options(seed: seed, corefile: text) else {
                throw Failure(.usage, "no topology was given")
            }
            return try await Lab.start(options, executable: Executable.path, stop: stop) { Output.message("lab: \($0)") }
        }
    }

    struct Up: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "up",
            abstract: "Build a lab and keep it until Ctrl-C."
        )

        @OptionGroup var options: Options

        func run() async throws {
            let stop = StopFlag()
            let signals = try SignalWatch(stop: stop) { Glibc.exit(128 + $0) }
            let lab = try await options.start(stop: stop)
            Output.message(
                "lab: the cache is \(lab.cacheEndpoint), the cluster DNS \(lab.clusterDNS); Ctrl-C takes the lab down\n"
                    + "lab: \(try lab.podCommand(["COMMAND"]).joined(separator: " "))  runs a command as a pod would")
            while !stop.isRaised {
                try await Task.sleep(nanoseconds: 100_000_000)
                do { try lab.checkHealth() } catch {
                    await lab.stop()
                    throw error
                }
            }
            await lab.stop()
            _ = signals
        }
    }

    struct Down: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "down",
            abstract: "End every lab of this user, and clean up after those that crashed."
        )

        func run() async throws {
            for record in LabLeftovers.records() where record.isAlive {
                kill(record.ownerID, SIGTERM)
                let deadline = Clock.deadline(after: 10_000_000_000)
                while LabLeftovers.records().contains(where: { $0.path == record.path && $0.isAlive }),
                    Clock.monotonicNanoseconds() < deadline
                {
                    try await Task.sleep(nanoseconds: 50_000_000)
                }
                Output.message("lab: ended the lab of process \(record.ownerID) (\(record.summary))")
            }
            for record in LabLeftovers.sweep() {
                Output.message("lab: cleaned up after process \(record.ownerID), which is gone (\(record.summary))")
            }
        }
    }

    struct Status: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the labs of this user.")

        func run() throws {
            let records = LabLeftovers.records()
            if records.isEmpty { Output.message("there is no lab") }
            for record in records {
                let state = record.isAlive ? "running" : "left over by a process that is gone; nldns lab down cleans up"
                try Output.result("process \(record.ownerID)  \(record.summary)  \(state)\n")
            }
        }
    }

    struct Exec: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "run",
            abstract: "Run a command as a pod of a fresh lab would, and take the lab down afterwards."
        )

        @OptionGroup var options: Options

        @Argument(parsing: .postTerminator, help: "The command, behind --.")
        var command: [String] = []

        func validate() throws {
            if command.isEmpty { throw ValidationError("Give a command behind --, such as: -- dig @169.254.20.10 a.b") }
        }

        func run() async throws {
            let stop = StopFlag()
            let signals = try SignalWatch(stop: stop) { Glibc.exit(128 + $0) }
            let lab = try await options.start(stop: stop)
            let status: Int32
            do {
                status = try await ChildProcess.run(try lab.podCommand(command), stop: stop)
            } catch {
                await lab.stop()
                throw error
            }
            await lab.stop()
            if let signal = signals.received { throw ExitCode(128 + signal) }
            throw ExitCode(status)
        }
    }

    struct Defects: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the defects of the reference cache.")

        func run() throws {
            let width = CacheDefect.allCases.map(\.rawValue.count).max() ?? 0
            for defect in CacheDefect.allCases {
                let padding = String(repeating: " ", count: width - defect.rawValue.count)
                try Output.result("\(defect.rawValue)\(padding)  \(defect.summary)\n")
            }
        }
    }
}

/// The parts of a lab, each a child of this program; not for people.
struct LabRoleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lab-role",
        abstract: "Be one part of a lab.",
        shouldDisplay: false
    )

    @Argument(parsing: .captureForPassthrough)
    var arguments: [String] = []

    func run() async throws {
        throw ExitCode(await LabRole.run(arguments: arguments))
    }
}
