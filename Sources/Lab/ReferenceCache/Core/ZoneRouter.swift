/// Finds the server block of a name: the longest zone that matches label by label (core/dnsserver/server.go).
struct ZoneRouter: Sendable {
    /// Where a name belongs.
    struct Match: Sendable, Equatable {
        /// Index of the server block.
        var block: Int
        /// Index of the zone within the block.
        var zone: Int
    }

    private struct Candidate {
        var wire: [UInt8]
        var match: Match
    }

    private static let arpa: [UInt8] = [4, 0x61, 0x72, 0x70, 0x61, 0]
    private static let ds: UInt16 = 43

    private let rules: RoutingRules
    /// Longest first.
    private let candidates: [Candidate]

    /// A router over the zones of `blocks`, given as block index and lower-case wire names.
    init(_ blocks: [(index: Int, zones: [[UInt8]])], rules: RoutingRules) {
        self.rules = rules
        candidates = blocks.flatMap { block in
            block.zones.enumerated().map {
                Candidate(wire: $0.element, match: Match(block: block.index, zone: $0.offset))
            }
        }.sorted { $0.wire.count > $1.wire.count }
    }

    /// The block of the root zone, if there is one.
    var root: Match? { candidates.last.flatMap { $0.wire == [0] ? $0.match : nil } }

    /// The block for a question about `name`, or nil when no zone covers it.
    func match(name: [UInt8], foldedName: [UInt8], type: UInt16) -> Match? {
        let wanted = rules.ignoresCase ? foldedName : name
        let matching = candidates.filter { covers($0, wanted) }
        if rules.arpaToCluster, WireName.isSubdomain(foldedName, of: Self.arpa),
            matching.allSatisfy({ $0.wire == [0] }),
            let reverse = candidates.first(where: { $0.wire != Self.arpa && isReverse($0.wire) })
        {
            return reverse.match
        }
        if rules.reverseToRoot, let found = matching.first, isReverse(found.wire) { return root }
        // DS belongs to the parent, so the search goes on to the shortest zone below the root.
        if type == Self.ds, rules.dsToRoot { return root }
        if type == Self.ds, let parent = matching.last(where: { $0.wire != [0] }) { return parent.match }
        return matching.first?.match
    }

    private func covers(_ candidate: Candidate, _ name: [UInt8]) -> Bool {
        guard candidate.wire != [0] else { return true }
        if rules.byLabel { return WireName.isSubdomain(name, of: candidate.wire) }
        return WireName.text(name).reversed().starts(with: WireName.text(candidate.wire).reversed())
    }

    private func isReverse(_ zone: [UInt8]) -> Bool { WireName.isSubdomain(zone, of: Self.arpa) }
}
