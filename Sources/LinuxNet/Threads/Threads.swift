import CLinuxNet
import Glibc
import SystemPackage

/// Runs work on plain threads: named, pinned to a CPU, and inside a network namespace when asked.
package enum Threads {
    /// Runs `body` on a thread of its own and suspends until it has ended.
    ///
    /// The thread enters `namespace` first, and is pinned to `cpu` if one is given. Names are cut at 15 octets.
    package static func run<T: Sendable>(
        name: String,
        namespace: NetworkNamespace? = nil,
        cpu: Int? = nil,
        body: @escaping @Sendable () throws -> T
    ) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            do {
                let thread = try launch(name: name, namespace: namespace, cpu: cpu) { entered in
                    continuation.resume(
                        with: Result {
                            try entered.get(); return try body()
                        }
                    )
                }
                thread.detach()
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    /// Runs `body` on a thread of its own and blocks the caller until it has ended.
    package static func runBlocking<T: ~Copyable>(
        name: String,
        namespace: NetworkNamespace? = nil,
        cpu: Int? = nil,
        body: @escaping @Sendable () throws -> sending T
    ) throws -> sending T {
        let slot = ResultSlot<T>()
        let thread = try launch(name: name, namespace: namespace, cpu: cpu) { entered in
            do {
                try entered.get()
                slot.value = try body()
            } catch {
                slot.failure = error
            }
        }
        thread.join()
        if let failure = slot.failure { throw failure }
        return slot.take()
    }

    /// Starts `body` on a thread of its own; the caller must join or detach it exactly once.
    ///
    /// A `cpu` that it may not be pinned to is left out.
    package static func start(
        name: String,
        cpu: Int? = nil,
        body: @escaping @Sendable () -> Void
    ) throws(NetError) -> RunningThread {
        try launch(name: name, namespace: nil, cpu: cpu) { _ in body() }
    }

    /// The CPUs that this process may run on, ascending.
    package static func allowedCPUs() -> [Int] {
        var cpus = [Int32](repeating: 0, count: 1_024)
        let count = clinuxnet_allowed_cpus(&cpus, 1_024)
        return count <= 0 ? [] : cpus[..<Int(count)].map(Int.init)
    }

    private static func launch(
        name: String,
        namespace: NetworkNamespace?,
        cpu: Int?,
        body: @escaping @Sendable (Result<Void, NetError>) -> Void
    ) throws(NetError) -> RunningThread {
        let launch = Launch {
            clinuxnet_set_thread_name(name)
            do throws(NetError) {
                if let namespace { try namespace.enter() }
                if let cpu {
                    try SystemCall.run("pin a thread to a CPU", subject: "\(cpu)") {
                        clinuxnet_pin(Int32(clamping: cpu))
                    }
                }
                body(.success(()))
            } catch {
                body(.failure(error))
            }
        }
        var identifier = pthread_t()
        let retained = Unmanaged.passRetained(launch)
        let result = pthread_create(
            &identifier,
            nil,
            { argument in
                guard let argument else { return nil }
                // SAFETY: the pointer is the retained Launch that the creator passed, taken exactly once.
                Unmanaged<Launch>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            },
            retained.toOpaque()
        )
        guard result == 0 else {
            retained.release()
            throw NetError(operation: "start thread", errno: Errno(rawValue: result), subject: name)
        }
        return RunningThread(identifier: identifier)
    }
}

/// A started thread that must be joined or detached exactly once.
package struct RunningThread: Sendable {
    private let identifier: UInt

    fileprivate init(identifier: pthread_t) { self.identifier = UInt(identifier) }

    /// Waits until the thread has ended.
    package func join() { pthread_join(pthread_t(identifier), nil) }

    /// Lets the thread end on its own.
    package func detach() { pthread_detach(pthread_t(identifier)) }
}

private final class Launch: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

/// Written by one thread and read by another after it has joined the first.
private final class ResultSlot<T: ~Copyable>: @unchecked Sendable {
    var value: T?
    var failure: (any Error)?

    func take() -> sending T {
        var taken: T?
        swap(&taken, &value)
        guard let result = taken else { preconditionFailure("a joined thread left neither value nor error") }
        return result
    }
}

extension Threads {
    /// Sets how late the kernel may wake the calling thread from a sleep, to save wake-ups; 50 µs unless set.
    package static func setTimerSlack(nanoseconds: UInt) {
        _ = clinuxnet_set_timer_slack(nanoseconds)
    }

    /// Has the calling thread run as soon as it is woken, for work that is short and must be on time.
    ///
    /// With `realTime` and CAP_SYS_NICE it gets the lowest real-time priority (SCHED_RR 1); otherwise a short time
    /// slice, where the kernel knows such (Linux 6.12). Failure changes nothing.
    package static func preferPromptness(realTime: Bool) {
        if !realTime || clinuxnet_set_real_time() < 0 { _ = clinuxnet_set_time_slice(100_000) }
    }
}
