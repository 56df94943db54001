import LinuxNet
import NodeLocal

/// What the kubelet writes into the resolv.conf of pods.
package struct KubeletReading: Sendable, Hashable {
    /// Where it was read: a path, or the command line.
    package let source: String
    /// The addresses in their order.
    package let clusterDNS: [String]

    /// A reading from parts, for tests.
    package init(source: String, clusterDNS: [String]) {
        self.source = source
        self.clusterDNS = clusterDNS
    }

    /// Where kubeadm and most installers put the configuration.
    private static let usualPath = "/var/lib/kubelet/config.yaml"

    /// Reads the command line and the configuration of the node's kubelet, or the file at `path`.
    static func take(path: String?, roots: NodeRoots) throws(ProcError) -> KubeletReading {
        if let path { return try parse(try ProcFile.bytes(path), path) }
        guard let process = process(roots) else {
            throw ProcError(
                path: roots.proc,
                reason: "no kubelet is among the processes, and no configuration is given"
            )
        }
        let arguments = try ProcessArguments(process, roots: roots)
        // A flag goes before the configuration (kubernetes, cmd/kubelet/app/server.go).
        if let text = arguments.flag("cluster-dns"), !text.isEmpty {
            let addresses = text.split(separator: ",").map(String.init)
            return KubeletReading(source: "the kubelet's command line", clusterDNS: addresses)
        }
        let configured = arguments.flag("config").flatMap { $0.first == "/" ? $0 : nil } ?? usualPath
        let root = ContainerRoot(path: roots.process(process) + "root")
        return try parse(try ProcFile.bytes(configured, in: root), configured)
    }

    private static func process(_ roots: NodeRoots) -> Int32? {
        for name in Folder.names(in: roots.proc) {
            guard let process = Int32(name), (try? ProcFile.word(roots.process(process) + "comm")) == "kubelet" else {
                continue
            }
            return process
        }
        return nil
    }

    /// Reads `clusterDNS` of a KubeletConfiguration, in YAML or JSON.
    private static func parse(_ bytes: [UInt8], _ path: String) throws(ProcError) -> KubeletReading {
        let text = ProcWords.text(bytes[...])
        do throws(YAMLDiagnostic) {
            var addresses: [String] = []
            for document in try YAMLTree.parseAll(text, file: path) where document.isMap {
                guard let list = try document.map()["clusterDNS"] else { continue }
                for item in try list.list() { addresses.append(try item.string()) }
            }
            return KubeletReading(source: path, clusterDNS: addresses)
        } catch {
            throw ProcError(path: path, reason: "\(error)")
        }
    }
}
