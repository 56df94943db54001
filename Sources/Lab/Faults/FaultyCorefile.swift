import DNSWire
import NodeLocal

/// A Corefile with one thing wrong in it.
struct FaultyCorefile: Sendable {
    /// What it says of a text, or nil when it does not apply.
    private let change: @Sendable (String) -> String?

    private init(_ change: @escaping @Sendable (String) -> String?) { self.change = change }

    /// The text with the fault in it; nil when there is nothing to spoil.
    func applied(to text: String) -> String? {
        guard let spoiled = change(text), spoiled != text else { return nil }
        return spoiled
    }

    /// Without the lines that consist of these words.
    static func without(line: String) -> FaultyCorefile {
        FaultyCorefile { text in
            text.split(separator: "\n", omittingEmptySubsequences: false)
                .filter { $0.split { $0 == " " || $0 == "\t" }.joined(separator: " ") != line }
                .joined(separator: "\n")
        }
    }

    /// Without a plugin, wherever it stands.
    static func without(plugin: String) -> FaultyCorefile {
        FaultyCorefile { try? CorefileEdit(plugin: plugin, zone: nil, change: .remove).applied(to: $0) }
    }

    /// With other arguments for a plugin of one zone.
    static func setting(_ plugin: String, of zone: String, to words: String) -> FaultyCorefile {
        FaultyCorefile { text in
            guard let zone = try? DNSName(zone) else { return nil }
            return try? CorefileEdit(plugin: plugin, zone: zone, change: .set(words)).applied(to: text)
        }
    }

    /// Without the server block whose header begins with a zone.
    static func without(zone: String) -> FaultyCorefile {
        FaultyCorefile { text in
            var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            guard let start = lines.firstIndex(where: { $0.drop { $0 == " " }.hasPrefix(zone) }) else { return nil }
            var end = start
            var depth = 0
            repeat {
                depth += lines[end].count { $0 == "{" } - lines[end].count { $0 == "}" }
                end += 1
            } while depth > 0 && end < lines.count
            lines.removeSubrange(start..<end)
            return lines.joined(separator: "\n")
        }
    }

    /// With one more zone.
    static func with(zone: String) -> FaultyCorefile {
        FaultyCorefile {
            $0 + """

                \(zone):53 {
                    errors
                    cache 30
                    bind \(LabLayout.cache.address)
                    forward . \(LabLayout.external.address)
                    prometheus :9253
                }

                """
        }
    }

    /// With a placeholder where the address belongs, one of those that node-cache leaves to whoever installs it
    /// (kubernetes/dns cmd/node-cache/app/configmap.go): CoreDNS does not start with it.
    static let placeholder = setting("bind", of: ".", to: "__PILLAR__LOCAL__DNS__")
}
