import CLinuxNet
import Glibc
import Synchronization

/// Turns SIGINT and SIGTERM into a raised ``StopFlag``; one per process.
///
/// The first signal raises the flag and is remembered for the exit status (128 + number). Any further one calls
/// the handler, which may end the process at once. A thread of its own reads the signals, so that handlers may do
/// anything.
package final class SignalWatch: Sendable {
    private let first = FirstSignal()

    /// The signal that raised the flag; `nil` when none came.
    package var received: Int32? { first.number }

    /// Starts to watch `signals`; `onRepeat` gets the number of each signal after the first.
    package init(
        stop: StopFlag,
        signals: [Int32] = [SIGINT, SIGTERM],
        onRepeat: @escaping @Sendable (Int32) -> Void = { _ in }
    ) throws(NetError) {
        var reader: Int32 = -1
        var writer: Int32 = -1
        try SystemCall.run("make a pipe for signals") { clinuxnet_pipe(&reader, &writer) }
        let source = reader
        let sink = writer
        let first = first
        let thread = try Threads.start(name: "signals") {
            while true {
                var number: UInt8 = 0
                let count = SystemCall.repeating { clinuxnet_read(source, &number, 1) }
                guard count == 1 else { return }
                if first.note(Int32(number)) { stop.raise() } else { onRepeat(Int32(number)) }
            }
        }
        thread.detach()  // it lives as long as the process, and so does the pipe
        for signal in signals {
            try SystemCall.run("handle signal", subject: "\(signal)") { clinuxnet_route_signal(signal, sink) }
        }
    }

    /// Ignores SIGPIPE, so that a write to a closed pipe is an error and not the end of the process.
    package static func ignoreBrokenPipes() { _ = clinuxnet_ignore_signal(SIGPIPE) }
}

/// The number of the first signal that came.
private final class FirstSignal: Sendable {
    private let value = Atomic<Int32>(0)

    var number: Int32? {
        let signal = value.load(ordering: .acquiring)
        return signal == 0 ? nil : signal
    }

    /// Remembers a signal; `true` when it is the first.
    func note(_ signal: Int32) -> Bool {
        value.compareExchange(expected: 0, desired: signal, ordering: .acquiringAndReleasing).exchanged
    }
}
