/// A Kubernetes object of a manifest, with the place of each of its values.
package struct KubernetesObject: Sendable {
    /// The whole object.
    package let tree: YAMLTree
    /// Its kind, such as `DaemonSet`.
    package let kind: String

    /// `metadata.name`, or an empty text.
    package var name: String { tree["metadata", "name"]?.text ?? "" }
    /// `metadata.namespace`, or nil when the object does not say.
    package var namespace: String? { tree["metadata", "namespace"]?.text }
    /// Where the name stands, or the object when it has none.
    package var place: SourcePlace { (tree["metadata", "name"] ?? tree).place }

    /// The objects of a multi-document YAML or JSON text; each item of a `List` is an object of its own.
    ///
    /// Empty documents are passed over, and so is anything without a `kind`.
    package static func read(_ text: String, file: String) throws(YAMLDiagnostic) -> [KubernetesObject] {
        var objects: [KubernetesObject] = []
        for document in try YAMLTree.parseAll(text, file: file) { collect(document, into: &objects) }
        return objects
    }

    private static func collect(_ tree: YAMLTree, into objects: inout [KubernetesObject]) {
        guard let kind = tree["kind"]?.text else { return }
        if kind.hasSuffix("List"), tree["items"]?.isList == true {
            for item in tree["items"]?.items ?? [] { collect(item, into: &objects) }
        } else {
            objects.append(KubernetesObject(tree: tree, kind: kind))
        }
    }

    /// True when both stand in one namespace as far as they say; an object that does not say stands in any.
    package func sharesNamespace(with other: KubernetesObject) -> Bool {
        guard let namespace, let its = other.namespace else { return true }
        return namespace == its
    }
}
