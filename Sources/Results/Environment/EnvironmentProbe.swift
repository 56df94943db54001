import Glibc

/// Reads what the kernel tells about the machine.
package struct EnvironmentProbe {
    private let root: String

    /// A probe that reads below `root`; other roots than `/` are for tests.
    package init(root: String = "") {
        self.root = root
    }

    /// This machine as it is now.
    package static func read() -> EnvironmentRecord {
        EnvironmentProbe().record()
    }

    /// The machine as it is now; what cannot be read is absent.
    package func record() -> EnvironmentRecord {
        var record = EnvironmentRecord(
            fingerprint: "",
            os: operatingSystem(),
            kernel: line("/proc/sys/kernel/osrelease") ?? "unknown",
            arch: machine(),
            cpus: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))),
            cpusAllowed: allowedProcessors(),
            cpuModel: processorField("model name"),
            cpuQuota: quota(),
            memoryBytes: memory(),
            governor: line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
            clocksource: line("/sys/devices/system/clocksource/clocksource0/current_clocksource"),
            virtualisation: virtualisation(),
            container: container(),
            swiftBuildMode: ToolRecord.compiledBuild
        )
        record.fingerprint = Self.fingerprint(of: record)
        return record
    }

    /// What makes figures of two runs comparable: all that is left out (memory, clock, patch level) moves them little.
    private static func fingerprint(of record: EnvironmentRecord) -> String {
        let kernelLine = record.kernel.split(separator: ".").prefix(2).joined(separator: ".")
        let parts: [String] = [
            record.arch, record.cpuModel ?? "", String(record.cpus), record.cpusAllowed.map(String.init) ?? "",
            record.cpuQuota.map { String($0) } ?? "", kernelLine, record.governor ?? "", record.virtualisation ?? "",
            record.container ?? "", record.swiftBuildMode,
        ]
        return SHA256.hexadecimal(of: Array(parts.joined(separator: "\n").utf8))
    }

    // MARK: Facts

    private func operatingSystem() -> String? {
        guard let text = text("/etc/os-release") else { return nil }
        for line in text.split(separator: "\n") where line.hasPrefix("PRETTY_NAME=") {
            return String(line.dropFirst("PRETTY_NAME=".count).trimming { $0 == "\"" })
        }
        return nil
    }

    private func machine() -> String {
        var names = utsname()
        guard uname(&names) == 0 else { return "unknown" }
        return withUnsafeBytes(of: names.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    private func allowedProcessors() -> Int? {
        guard let status = text("/proc/self/status") else { return nil }
        for line in status.split(separator: "\n") where line.hasPrefix("Cpus_allowed:") {
            return line.dropFirst("Cpus_allowed:".count).reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) }
        }
        return nil
    }

    private func processorField(_ name: String) -> String? {
        guard let text = text("/proc/cpuinfo") else { return nil }
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].trimming(\.isWhitespace) == name else { continue }
            return String(parts[1].trimming(\.isWhitespace))
        }
        return nil
    }

    /// `cpu.max` of the control group: "quota period" in microseconds, or "max period".
    private func quota() -> Double? {
        guard let fields = line("/sys/fs/cgroup/cpu.max")?.split(separator: " "), fields.count == 2,
            let quota = Double(fields[0]), let period = Double(fields[1]), period > 0
        else { return nil }
        return quota / period
    }

    private func memory() -> UInt64? {
        guard let text = text("/proc/meminfo") else { return nil }
        for line in text.split(separator: "\n") where line.hasPrefix("MemTotal:") {
            let kibibytes = line.split(separator: " ").dropFirst().first.flatMap { UInt64($0) }
            return kibibytes.flatMap { $0 < UInt64.max >> 10 ? $0 << 10 : nil }
        }
        return nil
    }

    private func virtualisation() -> String? {
        let isVirtual = processorField("flags")?.split(separator: " ").contains("hypervisor") ?? false
        let product = line("/sys/class/dmi/id/product_name") ?? line("/sys/hypervisor/type")
        return isVirtual ? product ?? "hypervisor" : line("/sys/hypervisor/type")
    }

    private func container() -> String? {
        if let name = line("/run/systemd/container") { return name }
        if access(root + "/.dockerenv", F_OK) == 0 { return "docker" }
        if access(root + "/run/.containerenv", F_OK) == 0 { return "podman" }
        if access(root + "/var/run/secrets/kubernetes.io", F_OK) == 0 { return "kubernetes" }
        return nil
    }

    // MARK: Files

    private func text(_ path: String) -> String? {
        guard let bytes = try? DurableFile.read(root + path, maximumBytes: 4 << 20) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func line(_ path: String) -> String? {
        guard let first = text(path)?.split(separator: "\n").first?.trimming(\.isWhitespace), !first.isEmpty else {
            return nil
        }
        return String(first)
    }
}

extension Substring {
    /// The text without what matches at both ends.
    fileprivate func trimming(_ matches: (Character) -> Bool) -> Substring {
        var rest = drop(while: matches)
        while let last = rest.last, matches(last) { rest.removeLast() }
        return rest
    }
}
