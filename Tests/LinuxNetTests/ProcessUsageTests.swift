import Glibc
import LinuxNet
import Testing

@Suite("What this process has used")
struct ProcessUsageTests {
    @Test("The peak is at least what is resident now, and grows with what is touched")
    func peak() {
        let before = ProcessUsage.current().peakResidentBytes
        #expect(before > 1 << 20)
        let size = Int(before) + (64 << 20)
        let room = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 4_096)
        defer { room.deallocate() }
        memset(room, 1, size)
        #expect(ProcessUsage.current().peakResidentBytes >= Int64(size))
    }

    @Test("Pages of the program are given back, and come back when they are used")
    func release() throws {
        let before = try #require(ProcessUsage.residentBytes)
        ProcessUsage.releasePages()
        let after = try #require(ProcessUsage.residentBytes)
        #expect(after <= before - (4 << 20), "\(before) octets were resident, then \(after)")
    }
}
