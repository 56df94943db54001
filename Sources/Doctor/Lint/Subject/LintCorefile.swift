internal import DNSWire
internal import NodeLocal

/// A Corefile of node-cache, read with stand-ins for the variables that node-cache fills at its start.
package struct LintCorefile: Sendable {
    /// What stands for `__PILLAR__CLUSTER__DNS__`; an address that no network has (RFC 5737).
    static let unfilledClusterDNS = IPAddress.v4(0xC000_02FD)

    /// The text as it stands in the file.
    let text: String
    /// The way to the lines of the file.
    let origin: EmbeddedText
    /// The DaemonSet that mounts it, or nil when none is given.
    let workload: NodeCacheWorkload?
    /// The Corefile, or why node-cache would refuse it.
    let parsed: Result<Corefile, CorefileError>
    private let lines: [Substring]

    init(text: String, origin: EmbeddedText, workload: NodeCacheWorkload? = nil) {
        self.text = text
        self.origin = origin
        self.workload = workload
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let local = workload?.localAddresses ?? []
        let pillars = Pillars(
            clusterDNS: Self.unfilledClusterDNS,
            upstreamServers: ["/etc/resolv.conf"],
            localDNS: local.isEmpty ? [.v4(0xA9FE_140A)] : local,
            dnsServer: "",
            dnsDomain: "cluster.local"
        )
        let filled = pillars.replacing(in: text).replacing("__PROMETHEUS__ENDPOINT__", with: ":9253")
        parsed = Result { () throws(CorefileError) in
            try Corefile.parse(filled, file: origin.place(line: 1).file, environment: [:])
        }
    }

    /// The server blocks; none when the Corefile cannot be read.
    var blocks: [ServerBlock] { (try? parsed.get())?.serverBlocks ?? [] }

    /// True for a Corefile with the `kubernetes` plugin, which node-cache never has.
    var isOfClusterDNS: Bool {
        lines.contains { line in line.split(whereSeparator: \.isWhitespace).first == "kubernetes" }
    }

    /// The first word of a line of the text.
    func place(_ line: Int) -> SourcePlace {
        origin.place(line: line, column: 1 + lineText(line).unicodeScalars.prefix { $0 == " " || $0 == "\t" }.count)
    }

    /// The places of a word, in order, each line once.
    func places(of word: String) -> [SourcePlace] {
        var places: [SourcePlace] = []
        for (index, line) in lines.enumerated() {
            let code = line.prefix { $0 != "#" }
            guard let found = code.firstRange(of: word) else { continue }
            let column = code.unicodeScalars.distance(from: code.startIndex, to: found.lowerBound) + 1
            places.append(origin.place(line: index + 1, column: column))
        }
        return places
    }

    /// More variables in one Corefile are not told one by one.
    private static let maximumVariables = 200

    /// Each `__PILLAR__` variable outside comments, with its place.
    var variables: [(name: String, place: SourcePlace)] {
        var found: [(String, SourcePlace)] = []
        for (index, line) in lines.enumerated() {
            var rest = line.prefix { $0 != "#" }
            while found.count < Self.maximumVariables, let start = rest.firstRange(of: "__PILLAR__")?.lowerBound,
                let name = Pillars.firstVariable(in: String(rest[start...].prefix(80)))
            {
                let column = line.unicodeScalars.distance(from: line.startIndex, to: start) + 1
                found.append((name, origin.place(line: index + 1, column: column)))
                rest = rest[start...].dropFirst(name.count)
            }
        }
        return found
    }

    /// Where a plugin of a block stands, or the block when it has none of that name.
    func place(of plugin: String, in block: ServerBlock) -> SourcePlace {
        place(block.plugin(plugin)?.line ?? block.line)
    }

    /// Refuses a text that does not have a Corefile's shape.
    func refuseDamage() throws(LintInputError) {
        guard case .failure(let error) = parsed, error.kind == .syntax else { return }
        throw .damaged(place(error.line), error.message + origin.note(line: error.line))
    }

    private func lineText(_ line: Int) -> Substring {
        lines.indices.contains(line - 1) ? lines[line - 1] : ""
    }
}
