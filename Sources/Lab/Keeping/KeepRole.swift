import Glibc
import LinuxNet

/// `lab-role keep`: a lab that stays up until it is told to end, for `lab up`.
///
/// It is the one part without a parent: SIGTERM and SIGINT end it. One line on standard output says how the start
/// went: `ready <directory>` or `failed <reason>`.
enum KeepRole {
    /// Runs the lab.
    static func run(arguments: [String]) async -> Int32 {
        SignalWatch.ignoreBrokenPipes()
        let stop = StopFlag()
        do {
            _ = try SignalWatch(stop: stop)
            var options = try KeepArguments.decode(arguments)
            options.isKept = true
            // This very program: the path in argv may have been relative to a directory left since.
            let lab = try await Lab.start(options, executable: "/proc/self/exe".resolvedLink, stop: stop)
            say("ready \(lab.directoryPath)")
            while !stop.isRaised, (try? lab.checkHealth()) != nil {
                try? await Task.sleep(nanoseconds: 100_000_000)
            }
            await lab.stop()
            return stop.isRaised ? 0 : 1
        } catch {
            say("failed \(String("\(error)".map { $0 == "\n" ? " " : $0 }))")
            return 1
        }
    }

    private static func say(_ line: String) {
        let octets = Array((line + "\n").utf8)
        _ = octets.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }
}

extension String {
    /// What the symbolic link at this path names; the path itself if it is none.
    fileprivate var resolvedLink: String {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = buffer.withUnsafeMutableBytes { raw -> Int in
            // SAFETY: CChar and UInt8 have one layout, and readlink writes within the count.
            guard let start = raw.baseAddress?.assumingMemoryBound(to: CChar.self) else { return -1 }
            return readlink(self, start, raw.count)
        }
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : self
    }
}
