import CLinuxNet

/// What this process has used so far.
package struct ProcessUsage: Sendable, Hashable {
    /// User and system CPU time of all threads, nanoseconds.
    package let cpuNanoseconds: Int64
    /// The largest resident set so far, bytes.
    package let peakResidentBytes: Int64

    /// Reads the usage of this process.
    package static func current() -> ProcessUsage {
        var cpu: Int64 = 0
        var peak: Int64 = 0
        _ = clinuxnet_process_usage(&cpu, &peak)
        return ProcessUsage(cpuNanoseconds: cpu, peakResidentBytes: peak)
    }

    /// Octets that the heap has given out at this moment, over all threads; it walks the heap, so not for hot paths.
    package static var heapBytes: UInt64 { clinuxnet_heap_in_use() }
}
