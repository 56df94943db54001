/// What a node-cache installation's manifest says: the Corefile and how node-cache is started.
package struct Manifest: Sendable {
    /// A Corefile and where it begins.
    package struct EmbeddedCorefile: Sendable, Hashable {
        /// The text, with its `__PILLAR__` variables.
        package let text: String
        /// The line of the manifest on which the Corefile's first line stands.
        package let firstLine: Int
    }

    /// The file as the user named it.
    package let file: String
    /// `data.Corefile` of the ConfigMap `node-local-dns`, or nil when the manifest has none.
    package let corefile: EmbeddedCorefile?
    /// How the DaemonSet starts node-cache, or nil when the manifest has none.
    package let container: NodeCacheContainer?

    /// Reads a multi-document manifest; documents of other kinds are passed over.
    package static func read(_ yaml: String, file: String) throws(YAMLDiagnostic) -> Manifest {
        var corefile: EmbeddedCorefile?
        var container: NodeCacheContainer?
        for document in try YAMLTree.parseAll(yaml, file: file) where document.isMap {
            let object = try document.map()
            switch try object.string("kind") {
            case "ConfigMap":
                guard try object["metadata"]?.map().string("name") == "node-local-dns",
                    let text = try object["data"]?.map()["Corefile"]
                else { continue }
                corefile = EmbeddedCorefile(text: try text.string(), firstLine: text.line + 1)
            case "DaemonSet":
                if let found = try NodeCacheContainer(daemonSet: object) { container = found }
            default: continue
            }
        }
        return Manifest(file: file, corefile: corefile, container: container)
    }

    /// The Corefile in a manifest, its variables replaced by `pillars`.
    ///
    /// A diagnostic says so when the manifest has no ConfigMap `node-local-dns` with a Corefile.
    package static func corefile(
        in yaml: String,
        file: String,
        pillars: Pillars = Pillars()
    ) throws(YAMLDiagnostic) -> String {
        guard let corefile = try read(yaml, file: file).corefile else {
            throw YAMLDiagnostic(
                file: file,
                line: 1,
                column: 1,
                message: "the manifest has no ConfigMap 'node-local-dns' with a Corefile"
            )
        }
        return pillars.replacing(in: corefile.text)
    }
}
