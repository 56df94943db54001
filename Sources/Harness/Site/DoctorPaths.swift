package import Doctor
import Lab

/// Where the doctor finds what it reads of a node.
package struct DoctorPaths: Sendable {
    /// Where /proc and /sys of the node are mounted.
    package var roots = NodeRoots()
    /// The kubelet's configuration; nil looks for the kubelet among the processes.
    package var kubeletConfiguration: String?
    /// The resolv.conf files of pods; none looks into the containers that are seen in /proc.
    package var podResolvers: [String] = []

    /// The usual places.
    package init() {}

    /// These paths, with the lab's own files where none are given: the machine's kubelet and containers are none of
    /// the lab's.
    func inside(_ lab: Lab) -> DoctorPaths {
        var paths = self
        if paths.kubeletConfiguration == nil { paths.kubeletConfiguration = lab.kubeletPath }
        if paths.podResolvers.isEmpty { paths.podResolvers = [lab.podResolverPath] }
        return paths
    }
}
