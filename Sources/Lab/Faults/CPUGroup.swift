import Glibc

/// A control group of the lab's own that holds a process's processor time down.
struct CPUGroup: Sendable {
    /// Its folder.
    let path: String
    private let isUnified: Bool

    /// Makes a group, in the unified hierarchy where that has the controller `cpu`, else in the hierarchy of `cpu`.
    init(name: String) throws(LabError) {
        let unified = "/sys/fs/cgroup"
        let controllers = ProcText.read("\(unified)/cgroup.subtree_control").split { $0 == " " || $0 == "\n" }
        isUnified = controllers.contains("cpu")
        path = isUnified ? "\(unified)/\(name)" : "\(unified)/cpu/\(name)"
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
            throw .options(
                "no control group for processor time can be made (\(path): \(String(cString: strerror(errno))))"
            )
        }
    }

    /// Allows so many microseconds in each period.
    func limit(microseconds: Int, of period: Int) throws(LabError) {
        if isUnified {
            try write("\(microseconds) \(period)", "cpu.max")
        } else {
            try write("\(period)", "cpu.cfs_period_us")
            try write("\(microseconds)", "cpu.cfs_quota_us")
        }
    }

    /// Moves a process with all its threads into the group.
    func add(_ process: Int32) throws(LabError) { try write("\(process)", "cgroup.procs") }

    /// Periods in which the group had no time left (`nr_throttled`).
    var throttledPeriods: Int? {
        for line in ProcText.read("\(path)/cpu.stat").split(separator: "\n") where line.hasPrefix("nr_throttled ") {
            return Int(line.dropFirst("nr_throttled ".count))
        }
        return nil
    }

    /// Gives the processes back and removes the group.
    func remove() {
        let parent = isUnified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/cpu"
        for process in ProcText.read("\(path)/cgroup.procs").split(separator: "\n") {
            _ = ProcText.write(String(process), to: "\(parent)/cgroup.procs")
        }
        rmdir(path)
    }

    /// Removes the groups of labs whose process is gone.
    static func sweep() {
        for parent in ["/sys/fs/cgroup", "/sys/fs/cgroup/cpu"] {
            for name in LabDirectory.entries(of: parent) where name.hasPrefix("nldns-lab-") {
                guard let owner = name.split(separator: "-").dropFirst(2).first.flatMap({ Int32($0) }),
                    kill(owner, 0) != 0, errno == ESRCH
                else { continue }
                rmdir("\(parent)/\(name)")
            }
        }
    }

    private func write(_ text: String, _ file: String) throws(LabError) {
        if let reason = ProcText.write(text, to: "\(path)/\(file)") {
            throw .options("\(path)/\(file) cannot be set to '\(text)': \(reason)")
        }
    }
}
