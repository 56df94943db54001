package import DNSWire

/// The node-cache container of a DaemonSet.
package struct NodeCacheContainer: Sendable, Hashable {
    /// The image reference.
    package let image: String
    /// The tag of the image, or nil for one without a tag.
    package let tag: String?
    /// The command line after the program.
    package let arguments: [String]
    /// Line of the image in the manifest.
    package let imageLine: Int
    /// Line of the arguments in the manifest, or that of the image without arguments.
    package let argumentsLine: Int

    /// The value of a flag, written `-name value`, `-name=value` or with two dashes; nil without the flag.
    package func flag(_ name: String) -> String? {
        CommandLineFlag.value(of: name, in: arguments)
    }

    /// The addresses of `-localip`; an element that is no address is left out.
    package var localAddresses: [IPAddress] {
        (flag("localip") ?? "").split(separator: ",").compactMap { IPAddress(String($0)) }
    }

    /// The node-cache version in the tag, such as 1.17.0.
    package var version: CoreDNSVersion? { tag.flatMap { CoreDNSVersion($0) } }
}

extension NodeCacheContainer {
    /// The first container whose image or name speaks of node-cache, or nil.
    init?(daemonSet object: YAMLMap) throws(YAMLDiagnostic) {
        guard let template = try object["spec"]?.map()["template"],
            let containers = try template.map()["spec"]?.map()["containers"]
        else { return nil }
        for item in try containers.list() {
            let container = try item.map()
            guard let image = container["image"] else { continue }
            let reference = try image.string()
            let name = try container.string("name")
            guard reference.contains("node-cache") || name == "node-cache" else { continue }
            let arguments = container["args"] ?? container["command"]
            let parts = (reference.split(separator: "/").last ?? "").prefix { $0 != "@" }.split(separator: ":")
            self.init(
                image: reference,
                tag: parts.count > 1 ? String(parts[1]) : nil,
                arguments: try arguments?.strings() ?? [],
                imageLine: image.line,
                argumentsLine: arguments?.line ?? image.line
            )
            return
        }
        return nil
    }
}
