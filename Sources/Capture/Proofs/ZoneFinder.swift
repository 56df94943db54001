import DNSWire

/// Finds the zone that answers for a name: the longest match, label by label, as CoreDNS does.
struct ZoneFinder {
    private let zones: [ProofZone]
    private var found: [DNSName: Int?] = [:]

    init(_ zones: [ProofZone]) {
        self.zones = zones
    }

    /// The position of the zone of a lower-case name, or nil.
    mutating func position(of name: DNSName) -> Int? {
        if let known = found[name] { return known }
        let position = zones.indices
            .filter { name.isSubdomain(of: zones[$0].name) }
            .max { zones[$0].name.labelCount < zones[$1].name.labelCount }
        found[name] = .some(position)
        return position
    }
}
