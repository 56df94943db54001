package import DNSWire

/// Stimuli that make a proof possible on an idle cache: fresh names, repeated at set times.
///
/// Each fresh name must cause exactly one upstream query, its repeats within the TTL none. The plan says what to
/// send and when; sending is the caller's part.
package struct ActiveControl: Sendable {
    /// What the answer to a stimulus is expected to be.
    package enum Kind: Sendable, Hashable {
        case success, denial
    }

    /// One question, sent several times.
    package struct Stimulus: Sendable, Hashable {
        /// The zone of the Corefile that answers for it.
        package var zone: DNSName
        package var name: DNSName
        package var type: RecordType
        package var kind: Kind
        /// When to send it, nanoseconds after the start of the plan; ascending.
        package var sendAtNanoseconds: [Int64]
    }

    /// What stands behind the cache.
    package enum Upstream: Sendable, Hashable {
        /// The lab's responder, which obeys directives in names.
        case scripted
        /// A real cluster DNS: only missing names are certain.
        case real
    }

    package var stimuli: [Stimulus]

    /// The names that nobody can have asked before, in lower case.
    package var freshNames: Set<DNSName> { Set(stimuli.map(\.name.lowercased)) }

    /// From the first stimulus to the last, nanoseconds.
    package var durationNanoseconds: Int64 { stimuli.compactMap(\.sendAtNanoseconds.last).max() ?? 0 }

    /// Plans stimuli for all zones side by side, about eight seconds of them.
    ///
    /// - Parameters:
    ///   - zones: The zones of the Corefile.
    ///   - nonce: Letters and digits that were never used before.
    ///   - upstream: What stands behind the cache.
    package static func plan(zones: [ProofZone], nonce: String, upstream: Upstream) throws(NameError) -> ActiveControl {
        var stimuli: [Stimulus] = []
        for zone in zones {
            if upstream == .scripted, let script = try scriptZone(of: zone.name) {
                stimuli += try scripted(zone, under: script, nonce: nonce)
            } else {
                stimuli += try missing(zone, nonce: nonce)
            }
        }
        return ActiveControl(stimuli: stimuli)
    }

    private static func milliseconds(_ values: [Int64]) -> [Int64] {
        values.map { $0 * 1_000_000 }
    }

    // Repeats at 2.3 s and later tell a TTL that counts down from one that stands still.
    private static let withinTTL: [Int64] = [0, 300, 1_200, 2_400, 3_500]

    private static func scripted(_ zone: ProofZone, under script: DNSName, nonce: String) throws(NameError)
        -> [Stimulus]
    {
        func stimulus(
            _ letter: String,
            _ directives: [String],
            _ kind: Kind,
            _ times: [Int64]
        ) throws(NameError) -> Stimulus {
            var name = script
            for directive in directives.reversed() { name = try name.prepending(label: directive) }
            name = try name.prepending(label: "n\(nonce)\(letter)")
            return Stimulus(zone: zone.name, name: name, type: .a, kind: kind, sendAtNanoseconds: milliseconds(times))
        }
        var stimuli = [
            try stimulus("a", ["ttl-300"], .success, withinTTL),
            try stimulus("b", ["ttl-6"], .success, [100, 2_300, 7_600]),
        ]
        // A denial lives as long as its SOA's TTL, and no longer than the cap.
        let outlives = Int64(zone.denialTTLCap) * 1_000 + 2_000
        let refetch = outlives <= 10_000 ? [outlives] : []
        stimuli.append(
            try stimulus("c", ["rcode-nxdomain", "soattl-300"], .denial, [200, 600, 1_500, 2_600] + refetch)
        )
        return stimuli
    }

    // Names that no server has: three of them, repeated within the shortest denial TTL of five seconds.
    private static func missing(_ zone: ProofZone, nonce: String) throws(NameError) -> [Stimulus] {
        var stimuli: [Stimulus] = []
        for letter in ["x", "y", "z"] {
            let name = try missingName(in: zone.name, label: "n\(nonce)\(letter)")
            stimuli.append(
                Stimulus(
                    zone: zone.name,
                    name: name,
                    type: .a,
                    kind: .denial,
                    sendAtNanoseconds: milliseconds([0, 400, 1_300, 2_500])
                )
            )
        }
        return stimuli
    }

    private static func missingName(in zone: DNSName, label: String) throws(NameError) -> DNSName {
        if zone.isRoot { return try DNSName("\(label).example.com") }
        return try zone.prepending(label: label)
    }

    // Where the lab's responder obeys directives; nil where it does not.
    private static func scriptZone(of zone: DNSName) throws(NameError) -> DNSName? {
        let zone = zone.lowercased
        if zone.isRoot { return try DNSName("script.example.com") }
        if zone == (try DNSName("in-addr.arpa")) { return try DNSName("script.168.192.in-addr.arpa") }
        if zone == (try DNSName("ip6.arpa")) { return nil }
        return try zone.prepending(label: "script")
    }
}
