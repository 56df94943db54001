package import DNSWire

/// One change of a Corefile's text; everything else stays as it is written.
package struct CorefileEdit: Sendable, Hashable {
    /// What happens to the plugin's lines.
    package enum Change: Sendable, Hashable {
        /// Lines are added at the head of its block.
        case add([String])
        /// Its arguments become these.
        case set(String)
        /// It goes, with its block.
        case remove
    }

    /// The name of the plugin whose lines change.
    package let plugin: String
    /// The zone of the server block; nil for every block that has the plugin.
    package let zone: DNSName?
    package let change: Change

    /// Describes a change.
    package init(plugin: String, zone: DNSName?, change: Change) {
        self.plugin = plugin
        self.zone = zone
        self.change = change
    }

    /// The text after the change; the same text when no block has the plugin.
    package func applied(to text: String) throws(CorefileError) -> String {
        let corefile = try Corefile.parse(text, file: "Corefile")
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let plugins = corefile.serverBlocks.filter { zone == nil || $0.zones.contains { $0 == zone } }
            .flatMap(\.plugins).filter { $0.name == plugin }
        // From the end, so that the numbers of the lines before stay right.
        for line in Set(plugins.map(\.line)).sorted(by: >) where lines.indices.contains(line - 1) {
            change(&lines, at: line - 1)
        }
        return lines.joined(separator: "\n")
    }

    private func change(_ lines: inout [String], at index: Int) {
        let line = lines[index]
        let indent = String(line.prefix { $0 == " " || $0 == "\t" })
        let hasBlock = line.split(separator: " ").last == "{"
        switch change {
        case .add(let added):
            let inner = added.map { "\(indent)    \($0)" }
            if hasBlock {
                lines.insert(contentsOf: inner, at: index + 1)
            } else {
                lines.replaceSubrange(index...index, with: [line + " {"] + inner + [indent + "}"])
            }
        case .set(let words):
            lines[index] = [indent + plugin, words, hasBlock ? "{" : ""].filter { !$0.isEmpty }.joined(separator: " ")
        case .remove:
            var end = index
            var depth = 0
            repeat {
                depth += lines[end].count { $0 == "{" } - lines[end].count { $0 == "}" }
                end += 1
            } while depth > 0 && end < lines.count
            lines.removeSubrange(index..<end)
        }
    }
}
