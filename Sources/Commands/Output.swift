import Glibc
import Harness
import Report
import Results

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

    /// Writes the result's page for terminals, as this one can show it.
    static func summary(of document: ResultDocument, noColor: Bool) throws(Failure) {
        let color = allowsColor(noColor)
        try result(TerminalReport.render(document, color: color, width: width, unicode: allowsUnicode))
    }

    /// Whether stdout may carry colour: a terminal that is not dumb, no `NO_COLOR` with a value, no `--no-color`.
    static func allowsColor(_ isRefused: Bool) -> Bool {
        let environment = TerminalEnvironment { name in getenv(name).map { String(cString: $0) } }
        return !isRefused && isatty(STDOUT_FILENO) == 1 && environment.allowsColor
    }

    /// Whether signs beyond ASCII can be shown.
    static var allowsUnicode: Bool {
        TerminalEnvironment { name in getenv(name).map { String(cString: $0) } }.allowsUnicode
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
