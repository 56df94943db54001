/// The machine that a run ran on: what its figures depend on besides the target.
package struct EnvironmentRecord: Codable, Sendable, Equatable {
    /// SHA-256 over what makes figures comparable: architecture, processor, count, kernel line, governor, container.
    package var fingerprint: String
    /// The operating system's own name for itself.
    package var os: String?
    /// The kernel release.
    package var kernel: String
    /// The machine type, such as `x86_64`.
    package var arch: String
    /// Processors online.
    package var cpus: Int
    /// Processors that this process may run on.
    package var cpusAllowed: Int?
    /// The processor's name for itself.
    package var cpuModel: String?
    /// Limit of the control group, in processors; absent when there is none.
    package var cpuQuota: Double?
    /// Memory in bytes.
    package var memoryBytes: UInt64?
    /// The frequency governor of the first processor, where it can be read.
    package var governor: String?
    /// The kernel's clock source.
    package var clocksource: String?
    /// The hypervisor or product name, where the machine is virtual.
    package var virtualisation: String?
    /// The container runtime, as far as it shows.
    package var container: String?
    /// `release` or `debug`: how the program was compiled.
    package var swiftBuildMode: String

    /// Describes a machine; `EnvironmentProbe` does so for this one.
    package init(
        fingerprint: String,
        os: String? = nil,
        kernel: String,
        arch: String,
        cpus: Int,
        cpusAllowed: Int? = nil,
        cpuModel: String? = nil,
        cpuQuota: Double? = nil,
        memoryBytes: UInt64? = nil,
        governor: String? = nil,
        clocksource: String? = nil,
        virtualisation: String? = nil,
        container: String? = nil,
        swiftBuildMode: String = ToolRecord.compiledBuild
    ) {
        self.fingerprint = fingerprint
        self.os = os
        self.kernel = kernel
        self.arch = arch
        self.cpus = cpus
        self.cpusAllowed = cpusAllowed
        self.cpuModel = cpuModel
        self.cpuQuota = cpuQuota
        self.memoryBytes = memoryBytes
        self.governor = governor
        self.clocksource = clocksource
        self.virtualisation = virtualisation
        self.container = container
        self.swiftBuildMode = swiftBuildMode
    }

    /// The class of machines whose figures are comparable with this one's, as a name for people and folders.
    ///
    /// Architecture, processors, kernel line and the start of the fingerprint, such as `x86_64-4c-6.1-4e8e0fc54db0`.
    package var className: String {
        let line = kernel.split(separator: ".").prefix(2).joined(separator: ".")
        return ResultStore.fileName("\(arch)-\(cpus)c-\(line)-\(fingerprint.prefix(12))")
    }

    enum CodingKeys: String, CodingKey {
        case fingerprint, os, kernel, arch, cpus, governor, clocksource, virtualisation, container
        case cpusAllowed = "cpus_allowed"
        case cpuModel = "cpu_model"
        case cpuQuota = "cpu_quota"
        case memoryBytes = "memory_bytes"
        case swiftBuildMode = "swift_build_mode"
    }
}
