package import DNSWire

/// The `__PILLAR__…__` variables of node-cache's manifest and what fills them.
///
/// Who fills which: kubernetes/dns `cmd/node-cache/app/configmap.go` (`updateCorefile`). `__PILLAR__DNS__DOMAIN__` is
/// the installer's alone.
package struct Pillars: Sendable, Hashable {
    /// `__PILLAR__CLUSTER__DNS__`: where the cluster zones are forwarded.
    package var clusterDNS: IPAddress?
    /// `__PILLAR__UPSTREAM__SERVERS__`: where everything else is forwarded; addresses, endpoints or a resolv.conf path.
    package var upstreamServers: [String]?
    /// `__PILLAR__LOCAL__DNS__`: the addresses that node-cache listens on.
    package var localDNS: [IPAddress]?
    /// `__PILLAR__DNS__SERVER__`: the cluster DNS address in iptables mode; empty in IPVS mode.
    package var dnsServer: String?
    /// `__PILLAR__DNS__DOMAIN__`: the cluster domain.
    package var dnsDomain: String?

    package init(
        clusterDNS: IPAddress? = nil,
        upstreamServers: [String]? = nil,
        localDNS: [IPAddress]? = nil,
        dnsServer: String? = nil,
        dnsDomain: String? = nil
    ) {
        self.clusterDNS = clusterDNS
        self.upstreamServers = upstreamServers
        self.localDNS = localDNS
        self.dnsServer = dnsServer
        self.dnsDomain = dnsDomain
    }

    /// What node-cache fills in by itself when nothing is configured: resolv.conf upstream and no second address.
    package static func installed(clusterDNS: IPAddress, localDNS: [IPAddress]) -> Pillars {
        Pillars(
            clusterDNS: clusterDNS,
            upstreamServers: ["/etc/resolv.conf"],
            localDNS: localDNS,
            dnsServer: "",
            dnsDomain: "cluster.local"
        )
    }

    /// The text with each variable that has a value here replaced; the others stay as they are.
    package func replacing(in text: String) -> String {
        var result = text
        for (variable, value) in values { result = result.replacing(variable, with: value) }
        return result
    }

    /// The first `__PILLAR__…__` word in a text, or nil.
    package static func firstVariable(in text: String) -> String? {
        guard let start = text.firstRange(of: "__PILLAR__") else { return nil }
        let tail = text[start.lowerBound...]
        return String(tail.prefix { $0 == "_" || $0.isLetter && $0.isASCII })
    }

    private var values: [(variable: String, value: String)] {
        var values: [(String, String)] = []
        if let clusterDNS { values.append(("__PILLAR__CLUSTER__DNS__", clusterDNS.description)) }
        if let upstreamServers {
            values.append(("__PILLAR__UPSTREAM__SERVERS__", upstreamServers.joined(separator: " ")))
        }
        if let localDNS {
            values.append(("__PILLAR__LOCAL__DNS__", localDNS.map(\.description).joined(separator: " ")))
        }
        if let dnsServer { values.append(("__PILLAR__DNS__SERVER__", dnsServer)) }
        if let dnsDomain { values.append(("__PILLAR__DNS__DOMAIN__", dnsDomain)) }
        return values
    }
}
