internal import DNSWire
internal import NodeLocal

extension StepReader {
    /// The keys that say how queries travel.
    static let loadPathKeys = [
        "transport", "connections", "threads", "timeout", "segmentation-offload", "retry-truncated", "pipeline",
        "queries-per-connection", "source", "source-ports", "netns", "low-cpu",
        "calibrate", "receive-buffer",
    ]

    /// Reads how queries travel.
    func loadPath(_ map: YAMLMap) throws(YAMLDiagnostic) -> LoadPath {
        let transport: LoadTransport = try map.choice("transport", default: .udp)
        for (key, needed) in [
            ("segmentation-offload", LoadTransport.udp), ("receive-buffer", .udp), ("retry-truncated", .udp),
            ("pipeline", .tcp),
            ("queries-per-connection", .tcp),
        ] where transport != needed {
            if let value = map[key] { throw value.diagnostic("'\(key)' is for transport \(needed.rawValue) only") }
        }
        return LoadPath(
            transport: transport,
            connections: try map.integer("connections", in: 1...60_000) ?? 4,
            threads: try map.integer("threads", in: 1...256) ?? 1,
            timeoutNanoseconds: try map.duration("timeout", in: Self.timeouts, default: 2 * Self.second),
            usesSegmentation: try map.boolean("segmentation-offload") ?? false,
            retriesTruncated: try map.boolean("retry-truncated") ?? false,
            pipelineDepth: try map.integer("pipeline", in: 1...32_768),
            queriesPerConnection: try map.integer("queries-per-connection", in: 1...1_000_000_000),
            sources: try sources(map),
            sourcePorts: try map["source-ports"].map { value throws(YAMLDiagnostic) in try ports(value) },
            namespace: try map["netns"]?.nonEmptyString(),
            isLowCPU: try map.boolean("low-cpu") ?? false,
            receiveBufferBytes: try map.integer("receive-buffer", in: 1...(1 << 30)),
            isCalibrated: try map.boolean("calibrate") ?? false
        )
    }

    private func sources(_ map: YAMLMap) throws(YAMLDiagnostic) -> [AddressPrefix] {
        var sources: [AddressPrefix] = []
        for item in try map["source"]?.list() ?? [] {
            let text = try item.nonEmptyString()
            guard let prefix = AddressPrefix(text) else {
                throw item.diagnostic("'\(text)' is no address or prefix, such as 127.0.1.0/24")
            }
            sources.append(prefix)
        }
        return sources
    }

    private func ports(_ value: YAMLTree) throws(YAMLDiagnostic) -> ClosedRange<UInt16> {
        let text = try value.nonEmptyString()
        let bounds = text.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
        guard bounds.count == 2, let low = bounds[0], let high = bounds[1], low > 0, low <= high else {
            throw value.diagnostic("'\(text)' is no range of ports, such as 20000-20999")
        }
        return low...high
    }
}
