import CLinuxNet
import Glibc

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
        return ProcessUsage(cpuNanoseconds: cpu, peakResidentBytes: highWaterBytes ?? peak)
    }

    /// `VmHWM` of `/proc/self/status`, bytes; nil when it cannot be read.
    ///
    /// `ru_maxrss` is not asked first: the kernel carries it over `execve`, so that it holds the peak of whoever started
    /// this process as well (getrusage(2), Linux `fs/exec.c`).
    private static var highWaterBytes: Int64? {
        let descriptor = open("/proc/self/status", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var octets = [UInt8](repeating: 0, count: 8_192)
        let count = read(descriptor, &octets, octets.count)
        guard count > 0 else { return nil }
        for line in octets[..<count].split(separator: UInt8(ascii: "\n")) where line.starts(with: "VmHWM:".utf8) {
            let digits = line.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            return Int64(String(decoding: digits, as: UTF8.self)).map { $0 * 1_024 }
        }
        return nil
    }

    /// Octets that the heap has given out at this moment, over all threads; it walks the heap, so not for hot paths.
    package static var heapBytes: UInt64 { clinuxnet_heap_in_use() }

    /// The resident set at this moment, bytes; nil when `/proc/self/statm` cannot be read (proc(5)).
    package static var residentBytes: Int64? {
        let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var octets = [UInt8](repeating: 0, count: 256)
        let count = read(descriptor, &octets, octets.count)
        guard count > 0 else { return nil }
        let fields = String(decoding: octets[..<count], as: UTF8.self).split(separator: " ")
        return fields.dropFirst().first.flatMap { Int64($0) }.map { $0 * Int64(sysconf(Int32(_SC_PAGESIZE))) }
    }

    /// Gives back what a process that is about to sleep does not need: free heap, and the pages of the program and its
    /// libraries that hold code and constants (madvise(2), `MADV_DONTNEED`).
    ///
    /// They stay in the page cache as long as the kernel has room, and come back page by page when they are used: starting
    /// up touches far more of them than the work that is repeated. A breakpoint of a debugger is lost by it.
    package static func releasePages() {
        _ = clinuxnet_release_program_pages()
    }
}
