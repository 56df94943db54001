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
    ///   - misses: Fresh names in each zone, at least three.
    ///   - repeats: How often each name is asked again within its TTL, at least once.
    package static func plan(
        zones: [ProofZone],
        nonce: String,
        upstream: Upstream,
        misses: Int = 3,
        repeats: Int = 3
    ) throws(NameError) -> ActiveControl {
        let times = repeatTimes(max(repeats, 1))
        var stimuli: [Stimulus] = []
        for zone in zones {
            let script = upstream == .scripted ? try scriptZone(of: zone.name) : nil
            for number in 0..<max(misses, 3) {
                // Names of one zone begin a little apart, so that they do not come as one burst.
                let shift = Int64(number) * 15
                var stimulus =
                    if let script {
                        try scripted(zone, under: script, nonce: nonce, number: number, times: times)
                    } else {
                        try missing(zone, nonce: nonce, number: number, times: times)
                    }
                stimulus.sendAtNanoseconds = stimulus.sendAtNanoseconds.map { $0 + shift * 1_000_000 }
                stimuli.append(stimulus)
            }
        }
        return ActiveControl(stimuli: stimuli)
    }

    // The last repeat comes late enough to tell a TTL that counts down from one that stands still, and early
    // enough for the shortest TTL of five seconds. Milliseconds.
    private static func repeatTimes(_ repeats: Int) -> [Int64] {
        let first: Int64 = 300
        let last: Int64 = 2_600
        guard repeats > 1 else { return [0, last] }
        return [0] + (0..<Int64(repeats)).map { first + (last - first) * $0 / Int64(repeats - 1) }
    }

    // The first name outlives any cap, the second expires soon and is fetched again, every third is a denial.
    private static func scripted(
        _ zone: ProofZone,
        under script: DNSName,
        nonce: String,
        number: Int,
        times: [Int64]
    ) throws(NameError) -> Stimulus {
        var directives = ["ttl-300"]
        var kind = Kind.success
        var times = times
        if number == 1 {
            directives = ["ttl-6"]
            times.append(8_000)
        } else if number % 3 == 2 {
            directives = ["rcode-nxdomain", "soattl-300"]
            kind = .denial
            // A denial lives as long as its SOA's TTL and no longer than the cap.
            if number == 2, zone.denialTTLCap <= 6 { times.append(Int64(zone.denialTTLCap) * 1_000 + 2_000) }
        }
        var name = script
        for directive in directives.reversed() { name = try name.prepending(label: directive) }
        name = try name.prepending(label: "n\(nonce)-\(number)")
        return Stimulus(zone: zone.name, name: name, type: .a, kind: kind, sendAtNanoseconds: nanoseconds(times))
    }

    // Names that no server has.
    private static func missing(
        _ zone: ProofZone,
        nonce: String,
        number: Int,
        times: [Int64]
    ) throws(NameError) -> Stimulus {
        let name = try missingName(in: zone.name, label: "n\(nonce)-\(number)")
        return Stimulus(zone: zone.name, name: name, type: .a, kind: .denial, sendAtNanoseconds: nanoseconds(times))
    }

    private static func nanoseconds(_ milliseconds: [Int64]) -> [Int64] {
        milliseconds.map { $0 * 1_000_000 }
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
