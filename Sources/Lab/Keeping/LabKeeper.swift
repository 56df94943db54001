import Glibc
import LinuxNet

/// Labs that outlive the command that starts them: `lab up`, `lab down`, `lab status`.
package enum LabKeeper {
    /// Starts a lab in a process of its own, and returns when it is up.
    ///
    /// - Parameter executable: path of the program that has the hidden subcommand `lab-role`.
    package static func up(_ options: LabOptions, executable: String) async throws(LabError) -> LabRecord {
        _ = try LabPlan(options)
        let arguments = ["lab-role", "keep"] + KeepArguments.encode(options)
        let command =
            try LabReexec.commandLine(topology: options.topology, executable: executable, arguments: arguments)
            ?? [executable] + arguments
        let line = try await firstLine(of: command)
        let words = line.split(separator: " ", maxSplits: 1).map(String.init)
        guard words.count == 2, words[0] == "ready" else {
            throw .system(operation: "start a lab", reason: words.count == 2 ? words[1] : "it ended at once")
        }
        guard let record = LabLeftovers.records().first(where: { $0.path == words[1] }) else {
            throw .system(operation: "find the new lab", reason: "\(words[1]) has no note of its owner")
        }
        return record
    }

    /// Ends the labs of this user that are `chosen`, and cleans up after those whose owner is gone.
    ///
    /// Unless told otherwise only labs that ``up(_:executable:)`` keeps are asked to end: another command's lab goes
    /// with that command.
    ///
    /// - Returns: the labs that are no more.
    package static func down(_ chosen: (LabRecord) -> Bool = { $0.isKept }) async -> [LabRecord] {
        var gone = LabLeftovers.sweep()
        for record in LabLeftovers.records() where record.isAlive && chosen(record) {
            kill(record.ownerID, SIGTERM)
            let deadline = Clock.deadline(after: 10_000_000_000)
            while record.owner.isRunning, Clock.monotonicNanoseconds() < deadline {
                try? await Task.sleep(nanoseconds: 20_000_000)
            }
            if record.owner.isRunning { kill(record.ownerID, SIGKILL) }
            gone.append(record)
        }
        LabLeftovers.sweep()
        return gone
    }

    /// Starts the keeper and reads the first line that it says.
    private static func firstLine(of command: [String]) async throws(LabError) -> String {
        do {
            return try await Threads.run(name: "lab-up") {
                var ends: [Int32] = [0, 0]
                guard pipe(&ends) == 0 else { throw NetError(operation: "make a pipe", code: errno) }
                for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
                defer { close(ends[0]) }
                let child: pid_t
                do {
                    defer { close(ends[1]) }
                    child = try SpawnedProgram.start(command, standardOutput: ends[1], inNewSession: true)
                }
                var line: [UInt8] = []
                var octet: UInt8 = 0
                while read(ends[0], &octet, 1) == 1, octet != 0x0A { line.append(octet) }
                if line.isEmpty { waitpid(child, nil, WNOHANG) }
                return String(decoding: line, as: UTF8.self)
            }
        } catch {
            throw .system(operation: "start a lab", reason: "\(error)")
        }
    }
}
