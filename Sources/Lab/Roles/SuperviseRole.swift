import Glibc
import LinuxNet

/// `lab-role supervise COMMAND…`: runs a program that does not itself watch its standard input, such as unbound.
///
/// The program ends when the supervisor's standard input ends; should the supervisor be killed, the kernel kills the
/// program (`PR_SET_PDEATHSIG`, set by setpriv before it starts the program).
enum SuperviseRole {
    /// How long the program may take to end after SIGTERM, in nanoseconds.
    private static let graceNanoseconds: Int64 = 1_000_000_000

    /// Runs the command until it ends or standard input does; returns the program's exit status.
    static func run(command: [String]) -> Int32 {
        guard !command.isEmpty else {
            LabRole.complain("supervise wants a command")
            return 64
        }
        do {
            // The death signal follows the thread that forks, so this thread stays until the program has ended.
            return try Threads.runBlocking(name: "supervise") { try superviseOnThisThread(command) }
        } catch {
            LabRole.complain("\(error)")
            return 71
        }
    }

    private static func superviseOnThisThread(_ command: [String]) throws(NetError) -> Int32 {
        let child = try SpawnedProgram.start(
            ["setpriv", "--pdeathsig", "KILL", "--"] + command,
            standardOutput: STDERR_FILENO,
            inNewSession: false
        )
        let stop = StopFlag()
        try StandardInputWatch.start(raising: stop) { _ = kill(child, SIGTERM) }
        var status: Int32 = 0
        var killAt: Int64?
        while true {
            let ended = waitpid(child, &status, WNOHANG)
            if ended == child || (ended < 0 && errno != EINTR) { break }
            let now = Clock.monotonicNanoseconds()
            if stop.isRaised, killAt == nil { killAt = now + graceNanoseconds }
            if let deadline = killAt, now > deadline { _ = kill(child, SIGKILL) }
            Clock.sleep(untilMonotonic: now + 10_000_000)
        }
        let exited = status & 0x7F == 0
        return exited ? status >> 8 & 0xFF : 128 + (status & 0x7F)
    }
}
