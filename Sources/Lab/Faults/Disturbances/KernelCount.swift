import Glibc
import LinuxNet

/// Numbers that the kernel counts in the network namespace of the calling thread.
enum KernelCount {
    /// A counter of `/proc/net/snmp` or `/proc/net/netstat`, whose lines come in pairs of names and values.
    static func counter(_ file: String, _ group: String, _ name: String) -> Int64? {
        let lines = text("/proc/thread-self/net/\(file)").split(separator: "\n").map { $0.split(separator: " ") }
            .filter { $0.first == "\(group):" }
        guard lines.count == 2, let place = lines[0].firstIndex(of: Substring(name)), lines[1].indices.contains(place)
        else { return nil }
        return Int64(lines[1][place])
    }

    /// Connections in TIME_WAIT, of all IPv4 (`/proc/net/sockstat`).
    static var timeWaits: Int64? {
        for line in text("/proc/thread-self/net/sockstat").split(separator: "\n") where line.hasPrefix("TCP:") {
            let words = line.split(separator: " ")
            guard let place = words.firstIndex(of: "tw"), words.indices.contains(place + 1) else { return nil }
            return Int64(words[place + 1])
        }
        return nil
    }

    /// A file of `/proc/sys` that holds one number.
    static func setting(_ path: String) -> Int64? {
        Int64(text("/proc/sys/\(path)").prefix { $0.isNumber })
    }

    /// Repeats something until a count has grown, ten seconds at most.
    static func wait(for name: String, _ count: () -> Int64?, _ stop: StopFlag, doing work: () throws -> Void) throws {
        guard let before = count() else { throw DisturbRole.Refusal(description: "this kernel does not count \(name)") }
        let deadline = Clock.deadline(after: 10_000_000_000)
        while !stop.isRaised {
            try work()
            if let now = count(), now > before { return }
            guard Clock.monotonicNanoseconds() < deadline else {
                throw DisturbRole.Refusal(description: "\(name) did not grow within 10 s")
            }
        }
    }

    private static func text(_ path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}
