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
        subcommands: [Up.self, Down.self, Status.self, Exec.self, Defects.self, Faults.self, EchoCommand.self]
    )

    /// What the lab is made of.
    struct Options: ParsableArguments {
        @OptionGroup var lab: LabFlags

        @Option(help: ArgumentHelp("The Corefile for the cache; the seed's if none is given.", valueName: "path"))
        var corefile: String?

        @Option(help: "The seed of everything generated.")
        var seed: UInt64 = 1

        /// The lab that the options ask for; topology ipvs if none is named.
        func resolved() throws -> LabOptions {
            let text = try corefile.map { try TextFile.read($0, what: "the Corefile") }
            return try lab.options(seed: seed, corefile: text, topology: lab.lab ?? .ipvs)
        }

        /// Starts the lab in this process.
        func start(stop: StopFlag) async throws -> Lab {
            try lab.enterNamespace()
            return try await Lab.start(try resolved(), executable: Executable.path, stop: stop) {
                Output.message("lab: \($0)")
            }
        }
    }

    struct Up: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "up",
            abstract: "Build a lab and keep it in the background until nldns lab down."
        )

        @OptionGroup var options: Options

        func run() async throws {
            let record = try await LabKeeper.up(try options.resolved(), executable: Executable.path)
            try Output.result("process \(record.ownerID)  \(record.summary)\n")
            Output.message("lab: nldns lab down takes it down")
        }
    }

    struct Down: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "down",
            abstract: "End the labs that lab up keeps, and clean up after those that crashed."
        )

        func run() async throws {
            for record in await LabKeeper.down() {
                let what = record.isAlive ? "ended the lab of" : "cleaned up after"
                Output.message("lab: \(what) process \(record.ownerID) (\(record.summary))")
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

        func run() throws { try LabCommand.list(CacheDefect.allCases.map { ($0.rawValue, $0.summary) }) }
    }

    struct Faults: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List what --fault makes wrong with the lab's node.")

        func run() throws { try LabCommand.list(LabFault.allCases.map { ($0.rawValue, $0.summary) }) }
    }

    /// Prints names with a line each.
    private static func list(_ entries: [(name: String, summary: String)]) throws {
        let width = entries.map(\.name.count).max() ?? 0
        for (name, summary) in entries {
            try Output.result("\(name)\(String(repeating: " ", count: width - name.count))  \(summary)\n")
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
