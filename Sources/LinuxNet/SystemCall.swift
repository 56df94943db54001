import CLinuxNet
import DNSWire
import Glibc
import SystemPackage

/// The one place where interrupted calls are repeated and error numbers become errors.
enum SystemCall {
    /// Repeats a shim call while a signal interrupts it; returns its value, or the negated errno.
    @inline(always)
    static func repeating<Result: SignedInteger>(_ call: () -> Result) -> Result {
        var result = call()
        while result == -Result(EINTR.magnitude) { result = call() }
        return result
    }

    /// Runs a shim call and throws what it returned as a negated errno.
    @discardableResult
    static func run<Result: SignedInteger>(
        _ operation: @autoclosure () -> String,
        _ endpoint: Endpoint? = nil,
        subject: String? = nil,
        _ call: () -> Result
    ) throws(NetError) -> Int {
        let result = repeating(call)
        if result < 0 {
            throw NetError(
                operation: operation(),
                errno: Errno(rawValue: -Int32(result)),
                endpoint: endpoint,
                subject: subject
            )
        }
        return Int(result)
    }

    /// Runs a shim call; `nil` when it would block.
    static func attempt<Result: SignedInteger>(
        _ operation: @autoclosure () -> String,
        _ endpoint: Endpoint? = nil,
        _ call: () -> Result
    ) throws(NetError) -> Int? {
        let result = repeating(call)
        if result >= 0 { return Int(result) }
        if result == -Result(EAGAIN.magnitude) { return nil }
        throw NetError(operation: operation(), errno: Errno(rawValue: -Int32(result)), endpoint: endpoint)
    }
}
