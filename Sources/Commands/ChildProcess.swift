import Glibc
import Harness
import LinuxNet

/// Runs a program of the user's in the foreground, with our standard streams.
enum ChildProcess {
    /// Starts the command and waits for its end; a raised flag ends it with SIGTERM.
    ///
    /// - Returns: its exit status, or 128 and the number of the signal that ended it.
    static func run(_ command: [String], stop: StopFlag) async throws -> Int32 {
        var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        var child: pid_t = 0
        let failure = posix_spawnp(&child, command[0], nil, nil, words, environ)
        guard failure == 0 else {
            throw Failure(.inputMissing, "cannot start \(command[0]): \(String(cString: strerror(failure)))")
        }
        var status: Int32 = 0
        var isTold = false
        while waitpid(child, &status, WNOHANG) == 0 {
            if stop.isRaised, !isTold {
                isTold = true
                kill(child, SIGTERM)
            }
            try? await Task.sleep(nanoseconds: 20_000_000)
        }
        let signal = status & 0x7F
        return signal == 0 ? status >> 8 & 0xFF : 128 + signal
    }
}
