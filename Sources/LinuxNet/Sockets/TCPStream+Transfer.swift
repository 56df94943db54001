import CLinuxNet
import Glibc
import SystemPackage

extension TCPStream {
    /// Writes what fits now; the count of octets taken, 0 when the socket's buffer is full.
    package func trySend(_ bytes: UnsafeRawBufferPointer) throws(NetError) -> Int {
        try SystemCall.attempt("send TCP") { clinuxnet_send(fd, bytes.baseAddress, bytes.count, nil) } ?? 0
    }

    /// Reads what is there; `nil` when nothing is, 0 at the end of the stream.
    package func tryReceive(into bytes: UnsafeMutableRawBufferPointer) throws(NetError) -> Int? {
        try SystemCall.attempt("receive TCP") { clinuxnet_stream_receive(fd, bytes.baseAddress, bytes.count) }
    }

    /// As ``tryReceive(into:)``; `stamp` becomes the time at which the last octet entered the stack, CLOCK_REALTIME
    /// nanoseconds, or 0 when it was not stamped.
    package func tryReceive(
        into bytes: UnsafeMutableRawBufferPointer,
        stamp: inout Int64
    ) throws(NetError) -> Int? {
        var realtime: Int64 = 0
        let count = try SystemCall.attempt("receive TCP") {
            clinuxnet_stream_receive_stamped(fd, bytes.baseAddress, bytes.count, &realtime)
        }
        stamp = realtime
        return count
    }

    /// Writes all of `bytes`; throws "timed out" when the peer does not take them in time.
    package func send(_ bytes: [UInt8], timeoutNanoseconds: Int64 = 5_000_000_000) throws(NetError) {
        let deadline = Clock.deadline(after: timeoutNanoseconds)
        let fd = fd
        var sent = 0
        while sent < bytes.count {
            let result = bytes.withUnsafeBytes { raw in
                let rest = UnsafeRawBufferPointer(rebasing: raw[sent...])
                return SystemCall.repeating { clinuxnet_send(fd, rest.baseAddress, rest.count, nil) }
            }
            if result >= 0 {
                sent += result
            } else if result == -Int(EAGAIN) {
                if try Readiness.wait(for: .writable, on: fd, untilMonotonic: deadline).isEmpty {
                    throw NetError(operation: "send TCP", errno: .timedOut)
                }
            } else {
                throw NetError(operation: "send TCP", errno: Errno(rawValue: -Int32(result)))
            }
        }
    }

    /// Reads at most `buffer.count` octets into the start of `buffer`, which keeps its size.
    ///
    /// Returns the count, 0 at the end of the stream, `nil` when nothing came in time.
    package func receive(into buffer: inout [UInt8], timeoutNanoseconds: Int64) throws(NetError) -> Int? {
        let deadline = Clock.deadline(after: timeoutNanoseconds)
        let fd = fd
        while true {
            let result = buffer.withUnsafeMutableBytes { raw in
                SystemCall.repeating { clinuxnet_stream_receive(fd, raw.baseAddress, raw.count) }
            }
            if result >= 0 { return result }
            guard result == -Int(EAGAIN) else {
                throw NetError(operation: "receive TCP", errno: Errno(rawValue: -Int32(result)))
            }
            if timeoutNanoseconds <= 0 { return nil }
            if try Readiness.wait(for: .readable, on: fd, untilMonotonic: deadline).isEmpty { return nil }
        }
    }

    /// Reads exactly `count` octets; `nil` when the time is up or the stream ends before.
    package func receive(exactly count: Int, timeoutNanoseconds: Int64) throws(NetError) -> [UInt8]? {
        let deadline = Clock.deadline(after: timeoutNanoseconds)
        var gathered: [UInt8] = []
        gathered.reserveCapacity(count)
        while gathered.count < count {
            var part = [UInt8](repeating: 0, count: count - gathered.count)
            let left = max(0, deadline &- Clock.monotonicNanoseconds())
            guard let got = try receive(into: &part, timeoutNanoseconds: left), got > 0 else { return nil }
            gathered.append(contentsOf: part[..<got])
        }
        return gathered
    }
}
