import ArgumentParser
import Doctor
import Glibc
import Harness

/// Where the doctor finds what it reads of a node.
struct DoctorPathFlags: ParsableArguments {
    @Option(help: ArgumentHelp("Where the node's /proc is mounted; a pod mounts it elsewhere.", valueName: "folder"))
    var proc = "/proc"

    @Option(help: ArgumentHelp("Where the node's /sys is mounted.", valueName: "folder"))
    var sys = "/sys"

    @Option(
        help: ArgumentHelp(
            "The kubelet's configuration; if none is given the kubelet is sought among the processes.",
            valueName: "path"
        )
    )
    var kubeletConfig: String?

    @Option(
        help: ArgumentHelp(
            "The resolv.conf of a pod, repeatable; if none is given the containers in /proc are looked at.",
            valueName: "path"
        )
    )
    var podResolvConf: [String] = []

    /// The paths, after a look at whether the folders are what they should be.
    func paths() throws -> DoctorPaths {
        try require(proc, holding: "/self/status", "--proc", "mount the node's /proc there")
        try require(sys, holding: "/kernel", "--sys", "mount the node's /sys there")
        var paths = DoctorPaths()
        paths.roots = NodeRoots(proc: Self.withoutSlash(proc), sys: Self.withoutSlash(sys))
        paths.kubeletConfiguration = kubeletConfig
        paths.podResolvers = podResolvConf
        for path in podResolvConf + (kubeletConfig.map { [$0] } ?? []) where access(path, R_OK) != 0 {
            throw Failure(.inputMissing, "cannot read \(path): \(String(cString: strerror(errno)))")
        }
        return paths
    }

    private func require(_ folder: String, holding name: String, _ option: String, _ advice: String) throws {
        guard access(Self.withoutSlash(folder) + name, F_OK) != 0 else { return }
        throw Failure(.inputMissing, "\(option) \(folder) holds no \(name.dropFirst()); \(advice)")
    }

    private static func withoutSlash(_ folder: String) -> String {
        folder.count > 1 && folder.last == "/" ? String(folder.dropLast()) : folder
    }
}
