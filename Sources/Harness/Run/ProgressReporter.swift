import Glibc
import LinuxNet
import Report
import Synchronization

/// Tells on stderr how far a run is: a bar on a terminal, a line every ten seconds elsewhere, nothing when quiet.
package final class ProgressReporter: Sendable {
    private struct State {
        var stage = ""
        var fraction = 0.0
        /// What to say besides, the most important first: what does not fit the terminal is left out from the end.
        var parts: [String] = []
        var lastDraw: Int64 = 0
        var hasOpenLine = false
    }

    private let state = Mutex(State())
    private let isTerminal: Bool
    private let isQuiet: Bool
    private static let redrawNanoseconds: Int64 = 100_000_000
    private static let lineNanoseconds: Int64 = 10_000_000_000

    private static let terminal = TerminalEnvironment { name in getenv(name).map { String(cString: $0) } }

    /// Makes a reporter; whether stderr is a terminal is found out here.
    package init(isQuiet: Bool) {
        isTerminal = isatty(STDERR_FILENO) == 1
        self.isQuiet = isQuiet
    }

    /// Begins a stage and says so.
    package func begin(_ stage: String) {
        state.withLock { state in
            closeLine(&state)
            state = State(stage: stage, lastDraw: Clock.monotonicNanoseconds())
            guard !isQuiet else { return }
            if isTerminal { draw(&state) } else { write("\(stage) …\n") }
        }
    }

    /// Reports how much of the stage is done, 0 to 1, with a short note; drawing is rate-limited here.
    package func update(_ fraction: Double, _ note: String = "") {
        update(fraction, parts: note.isEmpty ? [] : [note])
    }

    /// As ``update(_:_:)``, with several notes, the most important first.
    ///
    /// - Parameter parts: `nil` leaves what is there.
    package func update(_ fraction: Double, parts: [String]?) {
        guard !isQuiet else { return }
        state.withLock { state in
            state.fraction = min(max(fraction, 0), 1)
            if let parts { state.parts = parts }
            let now = Clock.monotonicNanoseconds()
            guard now - state.lastDraw >= (isTerminal ? Self.redrawNanoseconds : Self.lineNanoseconds) else { return }
            state.lastDraw = now
            if isTerminal {
                draw(&state)
            } else {
                write("\(state.stage): \(Int(state.fraction * 100)) % \(state.parts.joined(separator: ", "))\n")
            }
        }
    }

    /// Ends the stage with one line about what came of it.
    package func end(_ outcome: String) {
        state.withLock { state in
            closeLine(&state)
            guard !isQuiet else { return }
            write("\(state.stage): \(outcome)\n")
        }
    }

    /// Writes one line about something worth knowing, also between stages.
    package func note(_ text: String) {
        state.withLock { state in
            closeLine(&state)
            guard !isQuiet else { return }
            write(text + "\n")
        }
    }

    private func draw(_ state: inout State) {
        let width = Self.width
        let line = Self.line(stage: state.stage, fraction: state.fraction, parts: state.parts, width: width)
        // Signs can become longer when they are replaced.
        write("\r\u{1B}[K" + Self.terminal.shown(line).prefix(max(width - 1, 1)))
        state.hasOpenLine = true
    }

    /// One line of a terminal `width` columns wide; it never wraps, as a wrapped line could not be drawn over.
    ///
    /// Where there is no room for all, the bar shrinks to half, parts are left out from the end, then the bar goes, then
    /// the end of the text.
    static func line(stage: String, fraction: Double, parts: [String], width: Int) -> String {
        let head = "\(Int(fraction * 100)) % \(stage)"
        let room = max(width - 1, 1)
        for count in stride(from: parts.count, through: min(1, parts.count), by: -1) {
            let text = ([head] + parts.prefix(count)).joined(separator: "  ")
            for barWidth in [24, 12] where barWidth + 1 + text.count <= room {
                let filled = Int(fraction * Double(barWidth))
                return String(repeating: "█", count: filled) + String(repeating: "░", count: barWidth - filled) + " "
                    + text
            }
        }
        let text = ([head] + parts.prefix(1)).joined(separator: "  ")
        return text.count <= room ? text : text.prefix(room - 1) + "…"
    }

    private static var width: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    private func closeLine(_ state: inout State) {
        guard state.hasOpenLine else { return }
        write("\r\u{1B}[K")
        state.hasOpenLine = false
    }

    private func write(_ text: String) {
        var bytes = Array(Self.terminal.shown(text).utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            // Progress is a courtesy: a closed stderr must not end the run.
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}
