internal import NodeLocal

extension StepReader {
    /// The keys that say how queries travel.
    static let loadPathKeys = ["transport", "connections", "threads", "timeout"]

    /// Reads how queries travel.
    func loadPath(_ map: YAMLMap) throws(YAMLDiagnostic) -> LoadPath {
        LoadPath(
            transport: try map.choice("transport", default: .udp),
            connections: try map.integer("connections", in: 1...60_000) ?? 4,
            threads: try map.integer("threads", in: 1...256) ?? 1,
            timeoutNanoseconds: try map.duration("timeout", in: Self.timeouts, default: 2 * Self.second)
        )
    }
}
