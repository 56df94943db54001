import Glibc
import LinuxNet
import Subprocess
import Synchronization
import SystemPackage

/// A long-lived child process of the lab.
///
/// It ends when its standard input ends: on ``stop()``, and when this process dies by whatever cause.
final class LabPart: Sendable {
    /// What it is, for messages: `cluster DNS`, `unbound`.
    let name: String
    /// The file that keeps its standard error.
    let logPath: String

    private struct State {
        var processID: Int32?
        var isReady = false
        var ended: String?
    }

    private let state = SharedState()
    private let stopSink: AsyncStream<Void>.Continuation
    private let task: Task<Void, Never>

    private final class SharedState: Sendable {
        private let state = Mutex(State())
        func read() -> State { state.withLock { $0 } }
        func update(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }
    }

    /// Starts a program.
    ///
    /// - Parameter namespace: path of the network namespace that it runs in; `nil` stays in the caller's.
    init(name: String, command: [String], namespace: String?, environment: [String: String] = [:], logPath: String)
        throws(LabError)
    {
        self.name = name
        self.logPath = logPath
        var words = command
        if let namespace { words = [try LabTool.nsenter.find(), "--net=\(namespace)", "--"] + words }
        let (stops, stopSink) = AsyncStream<Void>.makeStream()
        self.stopSink = stopSink
        let state = state
        task = Task {
            let status = await Self.run(words, environment, logPath, state, stops)
            state.update { $0.ended = status }
        }
    }

    /// The process's id, once it has started.
    var processID: Int32? { state.read().processID }

    /// Whether it has said that it serves.
    var isReady: Bool { state.read().isReady }

    /// How it ended; `nil` while it runs.
    var ended: String? { state.read().ended }

    /// Waits until the process says that it serves.
    func waitUntilReady(deadline: Int64, stop: StopFlag) async throws(LabError) {
        let started = Clock.monotonicNanoseconds()
        while !isReady {
            try check(stop)
            let now = Clock.monotonicNanoseconds()
            guard now < deadline else {
                throw .notReady(part: name, waitedNanoseconds: now - started, logTail: logTail)
            }
            try? await Task.sleep(nanoseconds: 2_000_000)
        }
    }

    /// Throws if the process has ended, or somebody asked to stop.
    func check(_ stop: StopFlag) throws(LabError) {
        if stop.isRaised { throw .stopped }
        if let ended { throw .partDied(part: name, status: ended, logTail: logTail) }
    }

    /// Sends a signal to the program, which is the process itself or, below a supervisor, its only child.
    func signal(_ number: Int32, isSupervised: Bool) throws(LabError) {
        guard let processID, let program = isSupervised ? LabProcess.child(of: processID) : processID,
            kill(program, number) == 0
        else { throw .system(operation: "signal \(name)", reason: "its process is not there") }
    }

    /// Waits until the process has ended by itself; false when it has not within the time.
    func waitForEnd(deadline: Int64) async -> Bool {
        while ended == nil, Clock.monotonicNanoseconds() < deadline { await Self.pause() }
        return ended != nil
    }

    /// Ends the process: its standard input ends, and after three seconds it is killed.
    func stop() async {
        stopSink.yield()
        let deadline = Clock.deadline(after: 3_000_000_000)
        while ended == nil, Clock.monotonicNanoseconds() < deadline {
            await Self.pause()
        }
        if ended == nil, let processID { _ = kill(processID, SIGKILL) }
        await task.value
    }

    /// The last lines that the process wrote to standard error.
    var logTail: String { log(last: 2_000) }

    /// The lines of the log, of its last megabyte at most, that `condition` accepts.
    func logLines(where condition: (Substring) -> Bool) -> [String] {
        log(last: 1 << 20).split(separator: "\n").filter(condition).map(String.init)
    }

    private func log(last limit: Int64) -> String {
        guard let file = try? FileDescriptor.open(FilePath(logPath), .readOnly) else { return "" }
        defer { try? file.close() }
        let size = (try? file.seek(offset: 0, from: .end)) ?? 0
        let start = max(0, size - limit)
        var octets = [UInt8](repeating: 0, count: Int(size - start))
        let count = (try? octets.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: start, into: $0) }) ?? 0
        return String(decoding: octets[..<count], as: UTF8.self)
    }

    /// A termination status in words.
    static func words(_ status: TerminationStatus) -> String {
        switch status {
        case .exited(let code): "exit status \(code)"
        case .signaled(let signal): "signal \(signal)"
        }
    }

    /// Sleeps for a moment even when the task is cancelled, since what is torn down must not be skipped.
    private static func pause() async {
        await Task.detached { try? await Task.sleep(nanoseconds: 5_000_000) }.value
    }

    private static func run(
        _ words: [String],
        _ environment: [String: String],
        _ logPath: String,
        _ state: SharedState,
        _ stops: AsyncStream<Void>
    ) async -> String {
        do {
            let log = try FileDescriptor.open(
                FilePath(logPath),
                .writeOnly,
                options: [.create, .append],
                permissions: .ownerReadWrite
            )
            var options = PlatformOptions()
            // A process group of its own: Ctrl-C is the parent's to handle.
            options.processGroupID = 0
            var updates: [Environment.Key: String?] = [:]
            for (key, value) in environment { updates[Environment.Key(stringLiteral: key)] = value }
            let result = try await Subprocess.run(
                .path(FilePath(words[0])),
                arguments: Arguments(Array(words.dropFirst())),
                environment: .inherit.updating(updates),
                platformOptions: options,
                input: .inputWriter,
                output: .sequence,
                error: .fileDescriptor(log, closeAfterSpawningProcess: true)
            ) { execution in
                state.update { $0.processID = execution.processIdentifier.value }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        for await _ in stops { break }
                        try? await execution.standardInputWriter.finish()
                    }
                    for try await line in execution.standardOutput.strings() where line.hasPrefix("ready") {
                        state.update { $0.isReady = true }
                    }
                    group.cancelAll()
                }
            }
            return Self.words(result.terminationStatus)
        } catch {
            return "\(error)"
        }
    }
}
