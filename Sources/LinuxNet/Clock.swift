import CLinuxNet

/// Readings of the kernel's clocks in nanoseconds.
package enum Clock {
    /// CLOCK_MONOTONIC: the clock of every plan, deadline and latency.
    @inline(always)
    package static func monotonicNanoseconds() -> Int64 { clinuxnet_monotonic_ns() }

    /// CLOCK_REALTIME: the clock of kernel receive timestamps and of capture files.
    @inline(always)
    package static func realtimeNanoseconds() -> Int64 { clinuxnet_realtime_ns() }

    /// CPU time that the calling thread has used.
    package static func threadCPUNanoseconds() -> Int64 { clinuxnet_thread_cpu_ns() }

    /// Reads real time minus monotonic time, and the width of the bracket in which it was read.
    ///
    /// A wide bracket means that the thread was preempted between the readings; read again.
    package static func realtimeOffset() -> (offsetNanoseconds: Int64, spreadNanoseconds: Int64) {
        var offset: Int64 = 0
        var spread: Int64 = 0
        clinuxnet_clock_offset(&offset, &spread)
        return (offset, spread)
    }

    /// Sleeps until a monotonic instant; returns at once when it has passed.
    package static func sleep(untilMonotonic nanoseconds: Int64) {
        _ = SystemCall.repeating { clinuxnet_sleep_until(nanoseconds) }
    }

    /// The monotonic instant that lies `nanoseconds` ahead, saturating.
    package static func deadline(after nanoseconds: Int64) -> Int64 {
        let (sum, overflow) = monotonicNanoseconds().addingReportingOverflow(nanoseconds)
        return overflow ? .max : sum
    }
}
