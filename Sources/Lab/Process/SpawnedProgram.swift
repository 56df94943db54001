import Glibc
import LinuxNet

/// Starts programs that this process does not talk to.
enum SpawnedProgram {
    /// Starts a program found in PATH, its standard input empty and its standard error this process's.
    ///
    /// - Parameters:
    ///   - standardOutput: the descriptor that becomes the program's standard output.
    ///   - inNewSession: whether it leaves the terminal and process group of this process.
    /// - Returns: the process id; the caller waits for it, or leaves it to init.
    static func start(_ words: [String], standardOutput: Int32, inNewSession: Bool) throws(NetError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, standardOutput, STDOUT_FILENO)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Linux's POSIX_SPAWN_SETSID (bits/spawn.h), which Swift's Glibc module does not export.
        posix_spawnattr_setflags(&attributes, inNewSession ? 0x80 : 0)
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        var child: pid_t = 0
        let result = posix_spawnp(&child, words[0], &actions, &attributes, arguments, environ)
        guard result == 0 else { throw NetError(operation: "start", code: result, subject: words[0]) }
        return child
    }
}
