import Glibc
import LinuxNet

/// Waits for the end of standard input, which is how a lab's parts learn that their parent is gone.
enum StandardInputWatch {
    /// Raises `stop` at the end of standard input, then calls `then`.
    static func start(raising stop: StopFlag, then: @escaping @Sendable () -> Void = {}) throws(NetError) {
        let thread = try Threads.start(name: "stdin") {
            waitForEnd()
            stop.raise()
            then()
        }
        thread.detach()
    }

    /// Reads standard input until it ends.
    static func waitForEnd() {
        var octets = [UInt8](repeating: 0, count: 256)
        while true {
            let count = octets.withUnsafeMutableBytes { read(STDIN_FILENO, $0.baseAddress, $0.count) }
            if count == 0 || (count < 0 && errno != EINTR) { return }
        }
    }
}
