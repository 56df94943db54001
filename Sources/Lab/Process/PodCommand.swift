import DNSWire

/// Command lines that run in the pod as a container of it would: its network, and the resolver file that kubelet writes.
struct PodCommand {
    /// The words that enter the pod's network namespace; empty when the caller is in it already.
    var enter: [String]
    /// The lab's directory, which has the resolver file.
    var directory: String

    /// The name of the resolver file in the lab's directory.
    static let resolverFile = "resolv.conf"

    /// The name of the kubelet's configuration in the lab's directory.
    static let kubeletFile = "kubelet.yaml"

    /// The kubelet's configuration of the node (kubelet.config.k8s.io/v1beta1).
    static func kubeletText(clusterDNS: IPAddress) -> String {
        """
        apiVersion: kubelet.config.k8s.io/v1beta1
        kind: KubeletConfiguration
        clusterDomain: cluster.local
        clusterDNS:
          - \(clusterDNS)

        """
    }

    /// What kubelet writes for a pod of namespace `default` when `--cluster-dns` names the cache.
    static func resolverText(_ defects: [CacheDefect]) -> String {
        """
        nameserver \(defects.contains(.podsAskCluster) ? LabLayout.clusterDNS.address : LabLayout.cache.address)
        search default.svc.cluster.local svc.cluster.local cluster.local
        options ndots:5

        """
    }

    /// The whole command line: the resolver file is bound over the machine's in a mount namespace of the command's own.
    func wrapping(_ command: [String]) throws(LabError) -> [String] {
        let script = "if [ -e /etc/resolv.conf ]; then mount --bind \"$0\" /etc/resolv.conf || exit 71; fi; exec \"$@\""
        let mounts = [try LabTool.unshare.find(), "--mount", "--propagation", "private", "--"]
        return enter + mounts + ["/bin/sh", "-c", script, "\(directory)/\(Self.resolverFile)"] + command
    }
}
