internal import NodeLocal

/// A file to be looked at, and what it turned out to be.
package struct LintFile: Sendable {
    /// What a file can be.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Kubernetes objects as YAML or JSON, a KubeletConfiguration among them.
        case manifest
        /// A Corefile by itself.
        case corefile
        /// A kubelet's command line: a systemd unit, an environment file, a script.
        case kubelet
    }

    /// What was read.
    enum Content: Sendable {
        case manifest([KubernetesObject])
        case corefile(LintCorefile)
        case kubelet(KubeletSettings)
    }

    /// The name as the user gave it.
    package let name: String
    /// What it is.
    package let kind: Kind
    let content: Content

    /// Reads a file's text; nil when nothing in it is known here.
    ///
    /// - Parameter kind: what the file is, or nil to find out.
    /// - Throws: a diagnostic with line and column when it is a file of that kind and cannot be read as one.
    package static func read(_ text: String, name: String, kind: Kind?) throws(LintInputError) -> LintFile? {
        if text.unicodeScalars.contains("\0") { throw .binary(file: name) }
        switch kind ?? LintFileKind.guess(text) {
        case .manifest:
            let objects = try LintManifest.read(text, name: name)
            guard !objects.isEmpty else { return nil }
            return LintFile(name: name, kind: .manifest, content: .manifest(objects))
        case .corefile:
            let corefile = LintCorefile(text: text, origin: EmbeddedText(file: name))
            try corefile.refuseDamage()
            return LintFile(name: name, kind: .corefile, content: .corefile(corefile))
        case .kubelet:
            let settings = KubeletSettings(commandLine: text, file: name)
            guard kind == .kubelet || !settings.isEmpty else { return nil }
            return LintFile(name: name, kind: .kubelet, content: .kubelet(settings))
        case nil: return nil
        }
    }
}
