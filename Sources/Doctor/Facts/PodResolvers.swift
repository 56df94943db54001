import DNSWire
import LinuxNet
import NodeLocal

/// Whom the containers on the node ask, by the first name server of their resolv.conf.
package struct PodResolvers: Sendable, Hashable {
    /// Containers that ask the cache.
    package var ofCache = 0
    /// Containers that ask the cluster DNS past the cache.
    package var ofCluster = 0
    /// Containers that ask somebody else, as with dnsPolicy Default.
    package var ofOthers = 0
    /// Containers whose file could not be read.
    package var unread = 0
    /// One that asks the cluster DNS.
    package var example: String?

    /// Processes that are looked at; more would burden the node.
    private static let maximumProcesses = 8_192

    /// None yet.
    package init() {}

    /// Adds a container's resolv.conf.
    mutating func add(_ file: Reading<ResolvConf>, name: String, caches: Set<IPAddress>, cluster: IPAddress?) {
        guard let first = file.value?.nameservers.first else {
            unread += 1
            return
        }
        if caches.contains(first) {
            ofCache += 1
        } else if first == cluster {
            ofCluster += 1
            example = example ?? name
        } else {
            ofOthers += 1
        }
    }

    /// Reads the files and texts of `sources`, or without any those of the containers that are seen in /proc.
    ///
    /// A container is a mount namespace other than that of the machine's first process; those in its network namespace
    /// have the node's resolver and do not count.
    static func take(
        sources: [PodResolverSource],
        caches: Set<IPAddress>,
        cluster: IPAddress?,
        roots: NodeRoots
    ) throws(ProcError) -> PodResolvers {
        var found = PodResolvers()
        for source in sources {
            switch source {
            case .file(let path):
                let file = Reading<ResolvConf> { () throws(ProcError) in try ResolverFile.read(path) }
                found.add(file, name: path, caches: caches, cluster: cluster)
            case .text(let text, let name):
                let file = Reading<ResolvConf> { () throws(ResolvConfError) in
                    try ResolvConf(parsing: Array(text.utf8))
                }
                found.add(file, name: name, caches: caches, cluster: cluster)
            }
        }
        guard sources.isEmpty else { return found }
        let network = try HostNamespace.identity(roots.process(1) + "ns/net")
        var seen: Set<[UInt64]> = [try HostNamespace.identity(roots.process(1) + "ns/mnt")]
        for process in Folder.names(in: roots.proc).compactMap({ Int32($0) }).prefix(maximumProcesses) {
            let folder = roots.process(process)
            guard let mount = try? HostNamespace.identity(folder + "ns/mnt"), seen.insert(mount).inserted,
                let own = try? HostNamespace.identity(folder + "ns/net"), own != network
            else { continue }
            let file = Reading<ResolvConf> { () throws(ProcError) in
                try ResolverFile.read("/etc/resolv.conf", in: ContainerRoot(path: folder + "root"))
            }
            let name = (try? ProcFile.word(folder + "comm")) ?? "?"
            found.add(file, name: "\(name) (pid \(process))", caches: caches, cluster: cluster)
        }
        return found
    }
}
