import Glibc
import Harness

/// Results go to stdout, messages to stderr.
enum Output {
    /// Writes a result; a closed or full stdout ends the program as sysexits say.
    static func result(_ text: String) throws(Failure) {
        try write(Array(text.utf8), to: STDOUT_FILENO)
    }

    /// Writes a line for people; failing to do so is no error.
    static func message(_ text: String) {
        try? write(Array((text + "\n").utf8), to: STDERR_FILENO)
    }

    /// Whether stdout may carry colour: a terminal, no `NO_COLOR`, no `--no-color`.
    static func allowsColor(_ isRefused: Bool) -> Bool {
        !isRefused && isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR") == nil
    }

    /// The width of the terminal on stdout, or 80.
    static var width: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) throws(Failure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw Failure(.cannotWrite, "cannot write to standard output: \(String(cString: strerror(errno)))")
            }
            rest = rest.dropFirst(count)
        }
    }
}
