package import DNSWire

/// What `/proc/net/nf_conntrack` says of the cache, and of the cluster DNS.
///
///     ipv4     2 udp      17 25 src=10.244.1.5 dst=169.254.20.10 sport=47331 dport=53 [UNREPLIED] src=169.254.20.10 …
///
/// The first `src dst sport dport` are those of the packet that made the entry, before any rewriting
/// (Linux `net/netfilter/nf_conntrack_standalone.c`).
package struct ConntrackTable: ProcTable {
    /// Entries of all destinations.
    package private(set) var totalEntries = 0
    /// Entries whose original destination is the one asked for.
    package private(set) var matchingEntries = 0
    /// The first of these, as `UDP from 10.244.1.5:47331`.
    package private(set) var example: String?
    /// The entries whose original destination is the cluster DNS, by their source.
    package private(set) var clusterClients = ClientCounts()
    package var malformedLines = 0
    private let destination: Endpoint
    private let cluster: Endpoint?

    /// An empty table that counts entries to `destination`, and to `cluster` by their source.
    package init(destination: Endpoint, cluster: Endpoint? = nil) {
        self.destination = destination
        self.cluster = cluster
    }

    package mutating func add(line: ArraySlice<UInt8>) {
        let words = ProcWords.split(line)
        guard !words.isEmpty else { return }
        guard words.count >= 5 else {
            malformedLines += 1
            return
        }
        totalEntries += 1
        // Protocols without ports, such as ICMP, have no sport and dport; their entries are counted, and that is all.
        guard let target = Self.value("dst", in: words).flatMap(IPAddress.init),
            let port = Self.value("dport", in: words).flatMap({ UInt16($0) })
        else { return }
        if let cluster, target == cluster.address, port == cluster.port {
            if let source = Self.value("src", in: words).flatMap(IPAddress.init) {
                clusterClients.add(source)
            } else {
                malformedLines += 1
            }
        }
        guard target == destination.address, port == destination.port else { return }
        matchingEntries += 1
        if example == nil {
            let source = Self.value("src", in: words) ?? "?"
            example =
                "\(ProcWords.text(words[2]).uppercased()) from \(source):\(Self.value("sport", in: words) ?? "?")"
        }
    }

    private static func value(_ key: String, in words: [ArraySlice<UInt8>]) -> String? {
        let prefix = Array((key + "=").utf8)
        for word in words where word.starts(with: prefix) { return ProcWords.text(word.dropFirst(prefix.count)) }
        return nil
    }
}
