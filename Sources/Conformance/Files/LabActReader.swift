internal import DNSWire
internal import NodeLocal

/// Reads what a check does to the lab.
struct LabActReader {
    private enum Kind: String, CaseIterable {
        case reload, corefile, stop, start, restart, upstream
    }

    /// An act: a word such as `reload`, or a word with what it needs.
    static func act(_ tree: YAMLTree) throws(YAMLDiagnostic) -> LabAct {
        guard tree.isMap else {
            switch try tree.choice(of: Kind.self) {
            case .reload: return .reload
            case .stop: return .stop(.terminate)
            case .start: return .start
            case .restart: return .restart(.terminate)
            case .corefile, .upstream: throw tree.diagnostic("'corefile' and 'upstream' say what changes")
            }
        }
        let map = try tree.map("an act on the lab", keys: ["corefile", "stop", "restart", "upstream"])
        guard map.entries.count == 1, let entry = map.entries.first else {
            throw tree.diagnostic("a lab step has exactly one act")
        }
        switch entry.key {
        case "stop": return .stop(try entry.value.choice(of: LabAct.LabSignal.self))
        case "restart": return .restart(try entry.value.choice(of: LabAct.LabSignal.self))
        case "upstream": return .upstream(try entry.value.choice(of: LabAct.UpstreamState.self))
        default:
            var edits: [CorefileEdit] = []
            for item in try entry.value.list() { edits.append(try edit(item)) }
            return .corefile(edits)
        }
    }

    private static func edit(_ tree: YAMLTree) throws(YAMLDiagnostic) -> CorefileEdit {
        let map = try tree.map("an edit of the Corefile", keys: ["plugin", "zone", "add", "set", "remove"])
        let plugin = try map.required("plugin").nonEmptyString()
        let change: CorefileEdit.Change
        switch (map["add"], map["set"], map["remove"]) {
        case (let lines?, nil, nil):
            var texts: [String] = []
            if lines.isList {
                for line in try lines.list() { texts.append(try line.nonEmptyString()) }
            } else {
                texts = [try lines.nonEmptyString()]
            }
            change = .add(texts)
        case (nil, let words?, nil): change = .set(try words.string())
        case (nil, nil, let remove?):
            guard try remove.boolean() else { throw remove.diagnostic("'remove' can only be true") }
            change = .remove
        default: throw tree.diagnostic("an edit has exactly one of add, set, remove")
        }
        var zone: DNSName?
        if let tree = map["zone"] {
            zone = try? DNSName(try tree.nonEmptyString())
            if zone == nil { throw tree.diagnostic("'zone' is no domain name") }
        }
        return CorefileEdit(plugin: plugin, zone: zone, change: change)
    }
}
