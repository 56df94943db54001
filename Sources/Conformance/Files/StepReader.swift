internal import NodeLocal

/// Reads the steps of a check.
struct StepReader {
    private enum Kind: String, CaseIterable {
        case query, queries, burst, silence, poll, load, tcp, wait, http, scrape, node, lab
    }

    private static let queryKeys =
        MessageReader.keys + ["transport", "server", "tries", "timeout", "unconnected", "linger"]

    static func steps(_ tree: YAMLTree) throws(YAMLDiagnostic) -> [CheckStep] {
        try steps(tree, besideWords: ["save", "when", "meanwhile"])
    }

    /// What happens while another step runs; nothing happens beside that.
    private static func meanwhile(_ tree: YAMLTree?) throws(YAMLDiagnostic) -> [CheckStep] {
        guard let tree else { return [] }
        return try steps(tree, besideWords: ["save"])
    }

    private static func steps(_ tree: YAMLTree, besideWords: [String]) throws(YAMLDiagnostic) -> [CheckStep] {
        var steps: [CheckStep] = []
        for item in try tree.list() { steps.append(try step(item, besideWords)) }
        return steps
    }

    private static func step(_ tree: YAMLTree, _ words: [String]) throws(YAMLDiagnostic) -> CheckStep {
        let map = try tree.map("a step", keys: Kind.allCases.map(\.rawValue) + words)
        let kinds = map.entries.filter { Kind(rawValue: $0.key) != nil }
        guard kinds.count == 1, let entry = kinds.first, let kind = Kind(rawValue: entry.key) else {
            let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw tree.diagnostic("a step has exactly one of \(known)")
        }
        let save = try map.string("save")
        if save == "this" { throw tree.diagnostic("'this' is the name of the last exchange of a poll") }
        return CheckStep(
            action: try action(kind, entry.value),
            save: save,
            condition: try map["when"]?.statement(),
            meanwhile: try meanwhile(map["meanwhile"]),
            line: tree.line
        )
    }

    private static func action(_ kind: Kind, _ tree: YAMLTree) throws(YAMLDiagnostic) -> CheckStep.Action {
        switch kind {
        case .query: return .query(try query(tree.map("a query", keys: queryKeys)))
        case .queries:
            let map = try tree.map("repeated queries", keys: queryKeys + ["count", "over", "parallel"])
            return .queries(try query(map), try repetition(map))
        case .burst:
            let map = try tree.map("a burst", keys: ["queries", "server", "tries", "timeout"])
            var messages: [MessageTemplate] = []
            for item in try map.required("queries").list() {
                messages.append(try MessageReader.message(item.map("a query of a burst", keys: MessageReader.keys)))
            }
            return .burst(
                BurstStep(
                    messages: messages,
                    server: try map["server"]?.choice(of: StepServer.self) ?? .target,
                    tries: try map.integer("tries", in: 1...10) ?? 3,
                    timeoutNanoseconds: try map.duration("timeout") ?? 1_000_000_000
                )
            )
        case .silence:
            let map = try tree.map("a silence step", keys: queryKeys + ["window"])
            return .silence(try query(map), windowNanoseconds: try map.duration("window") ?? 500_000_000)
        case .poll:
            let map = try tree.map("a poll", keys: queryKeys + ["every", "until", "stop"])
            return .poll(
                PollStep(
                    query: try query(map),
                    everyNanoseconds: try map.duration("every") ?? 500_000_000,
                    until: try map.required("until").term(),
                    stop: try map["stop"]?.statement()
                )
            )
        case .load:
            let map = try tree.map("a load", keys: MessageReader.keys + ["server", "rate", "for", "timeout"])
            return .load(
                SteadyLoadStep(
                    message: try MessageReader.message(map),
                    server: try map["server"]?.choice(of: StepServer.self) ?? .target,
                    rate: try map.required("rate").integer(in: 1...1_000),
                    durationNanoseconds: try map.required("for").duration(),
                    timeoutNanoseconds: try map.duration("timeout") ?? 2_000_000_000
                )
            )
        case .tcp: return .tcp(try script(tree))
        case .wait:
            guard tree.isMap else { return .wait(.duration(nanoseconds: try tree.duration())) }
            return .wait(.until(try tree.map("a wait", keys: ["until"]).required("until").term()))
        case .http:
            let map = try tree.map("an HTTP step", keys: ["listener", "path", "timeout", "loopback"])
            return .http(
                HTTPStep(
                    listener: try map.required("listener").choice(of: HTTPStep.Listener.self),
                    onLoopback: try map.boolean("loopback") ?? false,
                    path: try map.required("path").nonEmptyString(),
                    timeoutNanoseconds: try map.duration("timeout") ?? 5_000_000_000
                )
            )
        case .scrape:
            let map = try tree.map("a scrape", keys: ["listener"])
            return .scrape(try map["listener"]?.choice(of: HTTPStep.Listener.self) ?? .metrics)
        case .node:
            _ = try tree.map("a look at the node", keys: [])
            return .node
        case .lab: return .lab(try LabActReader.act(tree))
        }
    }

    private static func repetition(_ map: YAMLMap) throws(YAMLDiagnostic) -> QueryRepetition {
        let items = try map.strings("over")
        guard items.isEmpty || map["count"] == nil else {
            throw map.tree.diagnostic("repeated queries have either 'count' or 'over'")
        }
        return QueryRepetition(
            count: items.isEmpty ? try map.required("count").integer(in: 1...10_000) : items.count,
            items: items,
            parallel: try map.integer("parallel", in: 1...256) ?? 1
        )
    }

    private static func query(_ map: YAMLMap) throws(YAMLDiagnostic) -> QueryStep {
        let transport = try map["transport"]?.choice(of: StepTransport.self) ?? .udp
        return QueryStep(
            message: try MessageReader.message(map),
            transport: transport,
            server: try map["server"]?.choice(of: StepServer.self) ?? .target,
            tries: try map.integer("tries", in: 1...10) ?? 3,
            timeoutNanoseconds: try map.duration("timeout") ?? (transport == .udp ? 1_000_000_000 : 3_000_000_000),
            isUnconnected: try map.boolean("unconnected") ?? false,
            lingerNanoseconds: try map.duration("linger") ?? 0
        )
    }

    // MARK: TCP

    private static func script(_ tree: YAMLTree) throws(YAMLDiagnostic) -> TCPScript {
        let map = try tree.map(
            "a TCP script",
            keys: ["server", "connections", "send", "receive", "until_close", "timeout"]
        )
        var acts: [TCPScript.Act] = []
        for item in try map.required("send").list() { acts.append(try act(item)) }
        let connections = try map.integer("connections", in: 1...500) ?? 1
        if connections > 1, map["until_close"] != nil || !acts.allSatisfy(\.isQueryAtOnce) {
            throw tree.diagnostic("on several connections there are only queries that are sent at once")
        }
        return TCPScript(
            acts: acts,
            connections: connections,
            server: try map["server"]?.choice(of: StepServer.self) ?? .target,
            receive: try map.integer("receive", in: 0...100_000),
            untilClose: try map.boolean("until_close") ?? false,
            timeoutNanoseconds: try map.duration("timeout") ?? 3_000_000_000
        )
    }

    private static func act(_ tree: YAMLTree) throws(YAMLDiagnostic) -> TCPScript.Act {
        let keys = ["query", "octets", "wait", "half_close", "reset"]
        let map = try tree.map("an act of a TCP script", keys: keys)
        guard map.entries.count == 1, let entry = map.entries.first else {
            throw tree.diagnostic("an act has exactly one of \(keys.joined(separator: ", "))")
        }
        switch entry.key {
        case "octets": return .octets(try entry.value.string())
        case "wait": return .wait(nanoseconds: try entry.value.duration())
        case "half_close", "reset":
            guard try entry.value.boolean() else { throw entry.diagnostic("'\(entry.key)' can only be true") }
            return entry.key == "reset" ? .reset : .halfClose
        default:
            let query = try entry.value.map(
                "a framed query",
                keys: MessageReader.keys + ["count", "split", "every_octet", "delay"]
            )
            var split: [Int] = []
            for size in try query["split"]?.list() ?? [] { split.append(try size.integer(in: 1...65537)) }
            return .query(
                try MessageReader.message(query),
                count: try query.integer("count", in: 1...10_000) ?? 1,
                split: split,
                everyOctet: try query.boolean("every_octet") ?? false,
                delayNanoseconds: try query.duration("delay") ?? 0
            )
        }
    }
}
