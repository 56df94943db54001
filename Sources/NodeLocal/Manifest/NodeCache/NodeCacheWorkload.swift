package import DNSWire

/// A DaemonSet that runs node-cache.
package struct NodeCacheWorkload: Sendable {
    /// The DaemonSet.
    package let object: KubernetesObject
    /// The pod's specification.
    package let pod: YAMLTree
    /// The container of node-cache.
    package let container: YAMLTree
    /// How node-cache is started; empty when a shell or another program starts it.
    package let flags: GoFlags
    /// True when the words of the command line are node-cache's own flags, so that an absent flag is absent.
    package let isCommandLineKnown: Bool
    /// The elements of `-localip`.
    package let localWords: [String]
    /// The addresses of `-localip`; an element that is no address is left out.
    package let localAddresses: [IPAddress]

    /// The node-cache container of a DaemonSet, or nil when the object is none or has no such container.
    package init?(_ object: KubernetesObject) {
        guard object.kind == "DaemonSet", let pod = object.tree["spec", "template", "spec"],
            let container = pod["containers"]?.items.first(where: Self.isNodeCache)
        else { return nil }
        self.object = object
        self.pod = pod
        self.container = container
        var words = Self.words(container["command"])
        let program = words.first?.text ?? ""
        isCommandLineKnown = words.isEmpty || program.hasSuffix("node-cache")
        words = isCommandLineKnown ? Array(words.dropFirst()) + Self.words(container["args"]) : []
        flags = GoFlags(words, booleans: NodeCacheFlag.booleans)
        let list = flags["localip"]?.value ?? ""
        localWords = list.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        localAddresses = localWords.compactMap { IPAddress($0) }
    }

    private static func isNodeCache(_ container: YAMLTree) -> Bool {
        container["image"]?.text?.contains("node-cache") == true || container["name"]?.text == "node-cache"
            || words(container["args"]).contains { $0.text.drop { $0 == "-" }.hasPrefix("localip") }
    }

    private static func words(_ tree: YAMLTree?) -> [GoFlags.Word] {
        (tree?.items ?? []).compactMap { item in item.text.map { GoFlags.Word(text: $0, place: item.place) } }
    }

    /// Where the container's arguments stand, or the container when it has none.
    package var argumentsPlace: SourcePlace {
        (container.entry("args") ?? container.entry("command"))?.place ?? container.place
    }

    /// The image reference, or nil.
    package var image: YAMLTree? { container["image"] }

    /// The version in the image's tag, or nil for a digest alone, `latest` and the like.
    package var version: CoreDNSVersion? {
        let name = (image?.text?.split(separator: "/").last ?? "").prefix { $0 != "@" }
        let parts = name.split(separator: ":")
        return parts.count > 1 ? CoreDNSVersion(String(parts[1])) : nil
    }

    /// A Boolean flag, or `standard` when it is not given.
    package func isOn(_ flag: String, standard: Bool) -> Bool {
        guard let value = flags[flag]?.value else { return standard }
        return ["1", "t", "T", "true", "TRUE", "True"].contains(value)
    }

    /// True when the pod stands on the node's network.
    package var isOnHostNetwork: Bool { pod["hostNetwork"]?.isTrue == true }
    /// True when node-cache makes its interface.
    package var setsUpInterface: Bool { isOn("setupinterface", standard: true) }
    /// True when node-cache writes iptables rules.
    package var setsUpRules: Bool { isOn("setupiptables", standard: true) }

    /// The volume that is mounted so that `path` lies in it, and the mount; the longest mount path wins.
    package func mount(holding path: String) -> (mount: YAMLTree, volume: YAMLTree)? {
        let mounts = (container["volumeMounts"]?.items ?? []).filter {
            guard let point = $0["mountPath"]?.text else { return false }
            return path == point || path.hasPrefix(point.hasSuffix("/") ? point : point + "/")
        }
        let nearest = mounts.max { ($0["mountPath"]?.text ?? "").count < ($1["mountPath"]?.text ?? "").count }
        guard let nearest, let name = nearest["name"]?.text,
            let volume = (pod["volumes"]?.items ?? []).first(where: { $0["name"]?.text == name })
        else { return nil }
        return (nearest, volume)
    }

    /// False when -conf leads to the ConfigMap itself, as kubespray has it: then CoreDNS reads what is mounted, and no
    /// variable is filled.
    package var fillsCorefile: Bool {
        guard let path = flags["conf"]?.value else { return true }
        return mount(holding: path)?.volume["configMap"] == nil
    }

    /// The path at which the Corefile must be mounted: that of -basecorefile, or of -conf when nothing is filled.
    package var corefilePath: String {
        let base = flags["basecorefile"]?.value ?? "/etc/coredns/Corefile.base"
        return fillsCorefile ? base : flags["conf"]?.value ?? base
    }

    /// The name of the ConfigMap that holds the Corefile, or nil when it is not mounted from one.
    package var corefileMapName: String? { mount(holding: corefilePath)?.volume["configMap", "name"]?.text }
}
