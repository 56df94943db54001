import Glibc
import LinuxNet
import Testing

/// A pod and a node in namespaces of their own, joined by a veth pair whose node end is in a bridge.
struct NodeNetwork {
    /// 10.244.0.10.
    let pod: NetworkNamespace
    /// 10.244.0.1 on the bridge `cni0`.
    let node: NetworkNamespace

    init() throws {
        pod = try NetworkNamespace.create()
        node = try NetworkNamespace.create()
        let podPath = "/proc/\(getpid())/fd/\(pod.descriptor)"
        try Self.run(in: node, ["ip", "link", "add", "cni0", "type", "bridge"])
        try Self.run(
            in: node,
            ["ip", "link", "add", "veth0", "type", "veth", "peer", "name", "eth0", "netns", podPath]
        )
        try Self.run(in: node, ["ip", "link", "set", "veth0", "master", "cni0", "up"])
        try Self.run(in: node, ["ip", "link", "set", "cni0", "up"])
        try Self.run(in: node, ["ip", "addr", "add", "10.244.0.1/24", "dev", "cni0"])
        try Self.run(in: pod, ["ip", "addr", "add", "10.244.0.10/24", "dev", "eth0"])
        try Self.run(in: pod, ["ip", "link", "set", "eth0", "up"])
    }

    /// Whether ip(8) is there.
    static let hasTools =
        access("/usr/sbin/ip", X_OK) == 0 || access("/sbin/ip", X_OK) == 0 || access("/bin/ip", X_OK) == 0

    private static func run(in namespace: NetworkNamespace, _ arguments: [String]) throws {
        let status = try namespace.perform { () -> Int32 in
            var process = pid_t()
            var words = arguments.map { strdup($0) } + [nil]
            defer { for word in words { free(word) } }
            // The child is born in the namespace of the thread that makes it.
            guard posix_spawnp(&process, "ip", nil, nil, &words, environ) == 0 else { return -1 }
            var status: Int32 = 0
            while waitpid(process, &status, 0) < 0, errno == EINTR {}
            return status
        }
        try #require(status == 0, "\(arguments.joined(separator: " ")) failed")
    }
}
