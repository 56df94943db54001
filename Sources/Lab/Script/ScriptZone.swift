package import DNSWire

/// A zone whose names say how they are to be answered: `<nonce>.<directive>….script.<parent>`.
package struct ScriptZone: Sendable, Equatable {
    /// The zone's name, `script.…`.
    package let apex: DNSName
    /// AA of its answers.
    package let isAuthoritative: Bool
    /// RA of its answers.
    package let recursionAvailable: Bool
    /// TTL of records whose name does not set one, in seconds.
    package let defaultTTL: UInt32

    /// The scripted zones below the cluster's own; served by the cluster DNS.
    package static let cluster: [ScriptZone] = ["script.cluster.local", "script.168.192.in-addr.arpa"].map {
        ScriptZone(
            apex: LabNames.name($0),
            isAuthoritative: true,
            recursionAvailable: false,
            defaultTTL: 30
        )
    }

    /// The scripted zones outside the cluster; the cluster DNS answers them too, as its own upstream would.
    package static let external: [ScriptZone] = ["script.example.com", "script.test"].map {
        ScriptZone(
            apex: LabNames.name($0),
            isAuthoritative: false,
            recursionAvailable: true,
            defaultTTL: 300
        )
    }

    /// What a name says.
    package enum Reading: Equatable, Sendable {
        /// The name lies outside the zone.
        case outside
        /// The apex, or a name of which no label is left for a nonce.
        case apex
        /// A label that is no directive.
        case unknown(label: String)
        /// The directives, leftmost first.
        case directives([ScriptDirective])
    }

    /// Reads a name.
    package func read(_ name: DNSName) -> Reading {
        guard name.isSubdomain(of: apex) else { return .outside }
        let labels = name.labels.dropLast(apex.labelCount)
        guard !labels.isEmpty else { return .apex }
        var directives: [ScriptDirective] = []
        for label in labels.dropFirst() {
            let text = String(decoding: label, as: UTF8.self)
            guard let directive = ScriptDirective(label: text) else { return .unknown(label: text) }
            directives.append(directive)
        }
        return .directives(directives)
    }

    /// The SOA record of its denials.
    package func startOfAuthority(ttl: UInt32, minimum: UInt32) -> ResourceRecord {
        ResourceRecord(
            name: apex,
            type: .soa,
            class: .in,
            ttl: ttl,
            data: .soa(
                SOA(
                    mname: LabNames.name(["ns"], under: apex),
                    rname: LabNames.name(["hostmaster"], under: apex),
                    serial: 1,
                    refresh: 7_200,
                    retry: 1_800,
                    expire: 86_400,
                    minimum: minimum
                )
            )
        )
    }
}
