import Glibc
import LinuxNet
import Synchronization

/// Tells on stderr how far a run is: a bar on a terminal, a line every ten seconds elsewhere, nothing when quiet.
package final class ProgressReporter: Sendable {
    private struct State {
        var stage = ""
        var fraction = 0.0
        var note = ""
        var lastDraw: Int64 = 0
        var hasOpenLine = false
    }

    private let state = Mutex(State())
    private let isTerminal: Bool
    private let isQuiet: Bool
    private static let redrawNanoseconds: Int64 = 100_000_000
    private static let lineNanoseconds: Int64 = 10_000_000_000

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
        guard !isQuiet else { return }
        state.withLock { state in
            state.fraction = min(max(fraction, 0), 1)
            state.note = note
            let now = Clock.monotonicNanoseconds()
            guard now - state.lastDraw >= (isTerminal ? Self.redrawNanoseconds : Self.lineNanoseconds) else { return }
            state.lastDraw = now
            if isTerminal {
                draw(&state)
            } else {
                write("\(state.stage): \(Int(state.fraction * 100)) % \(note)\n")
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
        let width = 24
        let filled = Int(state.fraction * Double(width))
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        write("\r\u{1B}[K\(bar) \(Int(state.fraction * 100)) % \(state.stage) \(state.note)")
        state.hasOpenLine = true
    }

    private func closeLine(_ state: inout State) {
        guard state.hasOpenLine else { return }
        write("\r\u{1B}[K")
        state.hasOpenLine = false
    }

    private func write(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            // Progress is a courtesy: a closed stderr must not end the run.
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}
