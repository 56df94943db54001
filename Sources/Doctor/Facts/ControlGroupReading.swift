/// What the control group of a process says, of version 2 or 1 (Documentation/admin-guide/cgroup-v2.rst of Linux).
package struct ControlGroupReading: Sendable {
    /// Times that the group had used up its share of the CPUs.
    package var throttled: Reading<Int>
    /// Processes of the group that were killed for want of memory.
    package var killed: Reading<Int>
    /// Octets of memory in use.
    package var memory: Reading<Int>
    /// Octets of memory that may be used; the largest number without a limit.
    package var memoryLimit: Reading<Int>
    /// Share of the last 10 s in which a task of the group waited for a CPU, in percent; version 2 alone.
    package var pressure: Reading<String>

    /// A reading from parts, for tests.
    package init(
        throttled: Reading<Int>,
        killed: Reading<Int>,
        memory: Reading<Int>,
        memoryLimit: Reading<Int>,
        pressure: Reading<String>
    ) {
        self.throttled = throttled
        self.killed = killed
        self.memory = memory
        self.memoryLimit = memoryLimit
        self.pressure = pressure
    }

    /// Reads the group of a process.
    static func take(_ processID: Int32, roots: NodeRoots) -> ControlGroupReading {
        do throws(ProcError) {
            return take(try ControlGroupPaths(processID, roots: roots))
        } catch {
            let reason = error.description
            return ControlGroupReading(
                throttled: .unreadable(reason),
                killed: .unreadable(reason),
                memory: .unreadable(reason),
                memoryLimit: .unreadable(reason),
                pressure: .unreadable(reason)
            )
        }
    }

    private static func take(_ paths: ControlGroupPaths) -> ControlGroupReading {
        let isOld = paths.isMemoryOld
        return ControlGroupReading(
            throttled: Reading { () throws(ProcError) in try counter("nr_throttled", paths.cpu + "/cpu.stat") },
            killed: Reading { () throws(ProcError) in
                try counter("oom_kill", paths.memory + (isOld ? "/memory.oom_control" : "/memory.events"))
            },
            memory: Reading { () throws(ProcError) in
                try ProcFile.number(paths.memory + (isOld ? "/memory.usage_in_bytes" : "/memory.current"))
            },
            memoryLimit: Reading { () throws(ProcError) in
                try limit(paths.memory + (isOld ? "/memory.limit_in_bytes" : "/memory.max"))
            },
            pressure: Reading { () throws(ProcError) in try pressure(paths.unified + "/cpu.pressure") }
        )
    }

    private static func counter(_ name: String, _ path: String) throws(ProcError) -> Int {
        guard let value = try ProcFile.read(path, into: CounterTable())["", name] else {
            throw ProcError(path: path, reason: "has no \(name)")
        }
        return Int(value)
    }

    /// `max`, or in version 1 a number that no memory has, means no limit.
    private static func limit(_ path: String) throws(ProcError) -> Int {
        if try ProcFile.word(path) == "max" { return Int.max }
        let limit = try ProcFile.number(path)
        return limit >= 1 << 60 ? Int.max : limit
    }

    /// The first average of `some avg10=0.12 avg60=…`.
    private static func pressure(_ path: String) throws(ProcError) -> String {
        let words = try ProcFile.word(path).split(separator: " ")
        guard words.first == "some", let average = words.first(where: { $0.hasPrefix("avg10=") }) else {
            throw ProcError(path: path, reason: "names no average")
        }
        return String(average.dropFirst(6).prefix(16))
    }
}

/// Where the files of a process's control group are.
struct ControlGroupPaths {
    /// The folder with `cpu.stat`.
    let cpu: String
    /// The folder with the files of memory.
    let memory: String
    /// True when memory is counted by version 1.
    let isMemoryOld: Bool
    /// The folder of version 2.
    let unified: String

    /// Finds the folders by `/proc/<pid>/cgroup`: `0::/path` for version 2, `4:cpu,cpuacct:/path` for version 1.
    init(_ processID: Int32, roots: NodeRoots) throws(ProcError) {
        let path = roots.process(processID) + "cgroup"
        var groups: [String: String] = [:]
        for line in try ProcFile.bytes(path, limit: 65_536).split(separator: UInt8(ascii: "\n")) {
            let parts = ProcWords.text(line).split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            // A group that is no part of ours is shown by a way that leads up, and cannot be read from here.
            guard !parts[2].split(separator: "/").contains("..") else {
                throw ProcError(
                    path: path,
                    reason: "its control group \(parts[2]) lies outside of what is mounted here"
                )
            }
            for name in parts[1].split(separator: ",", omittingEmptySubsequences: false) {
                groups[String(name)] = parts[2] == "/" ? "" : String(parts[2])
            }
        }
        let root = roots.sys + "/fs/cgroup"
        guard let version2 = groups[""] ?? groups["memory"] else {
            throw ProcError(path: path, reason: "names no control group")
        }
        unified = root + (groups.count > 1 ? "/unified" : "") + version2
        cpu = groups["cpu"].map { root + "/cpu" + $0 } ?? unified
        memory = groups["memory"].map { root + "/memory" + $0 } ?? unified
        isMemoryOld = groups["memory"] != nil
    }
}
