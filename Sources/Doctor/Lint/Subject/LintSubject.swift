internal import DNSWire
internal import NodeLocal

/// All that was given, taken together: one installation, or as much of it as there is.
package struct LintSubject: Sendable {
    /// Every object of the manifests.
    let objects: [KubernetesObject]
    /// The DaemonSets that run node-cache.
    let workloads: [NodeCacheWorkload]
    /// Their Corefiles.
    let corefiles: [LintCorefile]
    /// What is said of kubelets.
    let kubelets: [KubeletSettings]
    /// How Services work here, from the command line or else from kube-proxy's own configuration; nil when nobody says.
    package let proxyMode: ProxyMode?
    /// Where kube-proxy's configuration says so, or nil.
    let proxyModePlace: SourcePlace?

    /// Each Corefile is read once for each DaemonSet that mounts it; no cluster has so many.
    private static let maximumWorkloads = 16

    /// Takes files together.
    ///
    /// - Throws: a diagnostic when a Corefile inside a manifest does not have a Corefile's shape.
    package init(files: [LintFile], proxyMode: ProxyMode?) throws(LintInputError) {
        var objects: [KubernetesObject] = []
        var corefiles: [LintCorefile] = []
        var kubelets: [KubeletSettings] = []
        for file in files {
            switch file.content {
            case .manifest(let found): objects += found
            case .corefile(let corefile): corefiles.append(corefile)
            case .kubelet(let settings): kubelets.append(settings)
            }
        }
        let workloads = objects.compactMap { NodeCacheWorkload($0) }
        guard workloads.count <= Self.maximumWorkloads else {
            let place = workloads[Self.maximumWorkloads].object.place
            throw .damaged(
                place,
                "more than \(Self.maximumWorkloads) DaemonSets of node-cache are given; give fewer files"
            )
        }
        if workloads.count == 1 {
            // A Corefile of its own belongs to the only DaemonSet that is given.
            corefiles = corefiles.map { LintCorefile(text: $0.text, origin: $0.origin, workload: workloads[0]) }
        }
        for object in objects where object.kind == "ConfigMap" {
            for corefile in Self.corefiles(of: object, workloads) {
                try corefile.refuseDamage()
                corefiles.append(corefile)
            }
        }
        kubelets += objects.flatMap { KubeletSettings.read($0) }
        let stated = objects.lazy.compactMap(Self.proxyMode).first
        self.objects = objects
        self.workloads = workloads
        self.corefiles = corefiles
        self.kubelets = kubelets
        self.proxyMode = proxyMode ?? stated?.mode
        proxyModePlace = stated?.place
    }

    /// True when nothing of node-cache or the kubelet was found.
    package var isEmpty: Bool { workloads.isEmpty && corefiles.isEmpty && kubelets.isEmpty }

    /// The Corefiles that a DaemonSet runs on.
    func corefiles(of workload: NodeCacheWorkload) -> [LintCorefile] {
        corefiles.filter { $0.workload?.object.place == workload.object.place }
    }

    /// The objects of a kind and a name beside another object.
    func object(_ kind: String, named name: String, beside other: KubernetesObject) -> KubernetesObject? {
        objects.first { $0.kind == kind && $0.name == name && $0.sharesNamespace(with: other) }
    }

    /// The addresses on which the caches answer, as far as the files say.
    var cacheAddresses: [IPAddress] {
        var seen: Set<IPAddress> = []
        return (workloads.flatMap(\.localAddresses) + corefiles.flatMap(\.blocks).flatMap(\.bind))
            .filter { seen.insert($0).inserted }
    }

    /// True when kubelets must name the cache, because it cannot or does not hold the cluster DNS IP.
    var needsKubeletChange: Bool {
        if proxyMode == .ipvs { return true }
        let addresses = cacheAddresses
        return !addresses.isEmpty && addresses.allSatisfy(\.isLinkLocal)
    }

    /// The Corefiles of a ConfigMap: those that a DaemonSet mounts, and without one those that do not belong to the
    /// cluster DNS, which alone has the `kubernetes` plugin.
    private static func corefiles(of map: KubernetesObject, _ workloads: [NodeCacheWorkload]) -> [LintCorefile] {
        let users = workloads.filter { $0.corefileMapName == map.name && $0.object.sharesNamespace(with: map) }
        // Without a user it may be that of the only DaemonSet, which mounts it by another name.
        let owners: [NodeCacheWorkload?] = users.isEmpty ? [workloads.count == 1 ? workloads[0] : nil] : users
        return (map.tree["data"]?.entries ?? []).flatMap { entry -> [LintCorefile] in
            guard entry.key.hasPrefix("Corefile"), let text = entry.value.text else { return [] }
            let corefiles = owners.map {
                LintCorefile(text: text, origin: EmbeddedText(entry.value), workload: $0)
            }
            return corefiles.filter { !users.isEmpty || !$0.isOfClusterDNS }
        }
    }

    /// The mode in a KubeProxyConfiguration, or in the ConfigMap `kube-proxy` that holds one.
    private static func proxyMode(_ object: KubernetesObject) -> (mode: ProxyMode, place: SourcePlace)? {
        if object.kind == "KubeProxyConfiguration" {
            guard let mode = object.tree["mode"], let known = ProxyMode(rawValue: mode.text ?? "") else { return nil }
            return (known, mode.place)
        }
        guard object.kind == "ConfigMap", let text = object.tree["data", "config.conf"], let inner = text.text,
            let objects = try? KubernetesObject.read(inner, file: text.file)
        else { return nil }
        let origin = EmbeddedText(text)
        return objects.lazy.compactMap(proxyMode).first.map {
            ($0.mode, origin.place(line: $0.place.line, column: $0.place.column))
        }
    }
}

extension IPAddress {
    /// True for 169.254.0.0/16, fe80::/10 and unique local fd00::/8: addresses that no Service of the cluster has by
    /// default and node-cache's instructions recommend.
    var isLinkLocal: Bool {
        switch self {
        case .v4(let value): value >> 16 == 0xA9FE
        case .v6(let high, _): high >> 54 == 0xFE80 >> 6 || high >> 56 == 0xFD
        }
    }

    /// True for 0.0.0.0 and ::, which stand for every address.
    var isUnspecified: Bool { bytes.allSatisfy { $0 == 0 } }
}
