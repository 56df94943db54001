/// What a file says about the kubelet's DNS, with the place of each value.
package struct KubeletSettings: Sendable {
    /// A value and where it stands.
    package struct Value: Sendable, Hashable {
        /// The text.
        package let text: String
        /// Where it stands.
        package let place: SourcePlace
    }

    /// Where the settings begin.
    package let place: SourcePlace
    /// True for a whole KubeletConfiguration, in which what is absent is not set.
    package let isWhole: Bool
    /// `clusterDNS` or `--cluster-dns`, one value an address.
    package private(set) var clusterDNS: [Value] = []
    /// `clusterDomain` or `--cluster-domain`.
    package private(set) var clusterDomain: Value?
    /// `resolvConf` or `--resolv-conf`.
    package private(set) var resolvConf: Value?

    /// True when nothing about DNS was found.
    package var isEmpty: Bool { clusterDNS.isEmpty && clusterDomain == nil && resolvConf == nil }

    /// The settings of each KubeletConfiguration and of each `kubeletExtraArgs` of kubeadm in an object.
    ///
    /// A ConfigMap that holds a KubeletConfiguration (`kubelet-config` of kubeadm) is read as well; its values then stand
    /// where its text begins.
    package static func read(_ object: KubernetesObject) -> [KubeletSettings] {
        switch object.kind {
        case "KubeletConfiguration": return [KubeletSettings(configuration: object.tree)]
        case "InitConfiguration", "JoinConfiguration", "ClusterConfiguration":
            guard let arguments = object.tree["nodeRegistration", "kubeletExtraArgs"] else { return [] }
            return [KubeletSettings(extraArguments: arguments)].filter { !$0.isEmpty }
        case "ConfigMap":
            guard let text = object.tree["data", "kubelet"], let inner = text.text,
                let objects = try? KubernetesObject.read(inner, file: text.file)
            else { return [] }
            let origin = EmbeddedText(text)
            return objects.filter { $0.kind == "KubeletConfiguration" }.map {
                KubeletSettings(configuration: $0.tree).moved { origin.place(line: $0.line, column: $0.column) }
            }
        default: return []
        }
    }

    private init(configuration tree: YAMLTree) {
        place = tree.place
        isWhole = true
        clusterDNS = (tree["clusterDNS"]?.items ?? []).compactMap(Self.value)
        clusterDomain = tree["clusterDomain"].flatMap(Self.value)
        resolvConf = tree["resolvConf"].flatMap(Self.value)
    }

    /// Both shapes of kubeadm: a mapping, and since v1beta4 a list of `name` and `value`.
    private init(extraArguments tree: YAMLTree) {
        place = tree.place
        isWhole = false
        for entry in tree.entries { if let value = Self.value(entry.value) { take(entry.key, value) } }
        for item in tree.items {
            if let name = item["name"]?.text, let value = item["value"].flatMap(Self.value) { take(name, value) }
        }
    }

    private static func value(_ tree: YAMLTree) -> Value? { tree.text.map { Value(text: $0, place: tree.place) } }

    /// The flags about DNS.
    fileprivate static let names: Set<String> = ["cluster-dns", "cluster-domain", "resolv-conf"]

    /// Takes over a command-line flag; names that are not about DNS are passed over.
    private mutating func take(_ name: String, _ value: Value) {
        switch name {
        case "cluster-dns":
            clusterDNS = value.text.split(separator: ",").map { Value(text: String($0), place: value.place) }
        case "cluster-domain": clusterDomain = value
        case "resolv-conf": resolvConf = value
        default: break
        }
    }

    private func moved(_ move: (SourcePlace) -> SourcePlace) -> KubeletSettings {
        var copy = KubeletSettings(place: move(place), isWhole: isWhole)
        copy.clusterDNS = clusterDNS.map { Value(text: $0.text, place: move($0.place)) }
        copy.clusterDomain = clusterDomain.map { Value(text: $0.text, place: move($0.place)) }
        copy.resolvConf = resolvConf.map { Value(text: $0.text, place: move($0.place)) }
        return copy
    }

    private init(place: SourcePlace, isWhole: Bool) {
        self.place = place
        self.isWhole = isWhole
    }
}

extension KubeletSettings {
    /// The flags about DNS in a text that holds a command line: a systemd unit, an environment file, a script.
    ///
    /// More flags about DNS than a hundred are not read. Comments are passed over; a flag is `--name=value` or `--name value`, with quotes around it or not.
    package init(commandLine text: String, file: String) {
        self.init(place: SourcePlace(file: file, line: 1, column: 1), isWhole: false)
        var number = 0
        var count = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            guard let first = line.first(where: { !$0.isWhitespace }), first != "#", first != ";" else { continue }
            let words = line.split { $0.isWhitespace || "\"'\\".contains($0) }
            for (index, word) in words.enumerated() {
                guard let start = word.firstRange(of: "--")?.upperBound else { continue }
                let flag = word[start...].split(separator: "=", maxSplits: 1)
                guard let name = flag.first, Self.names.contains(String(name)), count < 100 else { continue }
                count += 1
                let next = index + 1 < words.count ? words[index + 1] : ""
                let value = flag.count > 1 ? flag[1] : next
                let column = line.unicodeScalars.distance(from: line.startIndex, to: word.startIndex) + 1
                let place = SourcePlace(file: file, line: number, column: column)
                if !value.isEmpty, !value.hasPrefix("-") {
                    take(String(name), Value(text: String(value), place: place))
                }
            }
        }
    }
}
