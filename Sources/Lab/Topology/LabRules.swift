import DNSWire

/// The nftables rules of a lab's node.
struct LabRules {
    /// The cluster addresses that are rewritten to endpoints.
    var services: [IPAddress]
    /// What they are rewritten to.
    var endpoints: [IPAddress]
    /// The cache's own addresses, which connection tracking passes over.
    var listen: [IPAddress]
    /// What locally made queries to a Service get as their source: masquerading, or a fixed address on `lo`.
    var source: Source

    /// How the source of a query is rewritten.
    enum Source {
        /// The address of the interface it leaves by; pods keep theirs, as kube-proxy leaves them.
        case masquerade(exceptFrom: String)
        /// A fixed address.
        case fixed(IPAddress)
    }

    /// The rules in nft's language.
    var text: String {
        """
        table ip nat {
            chain PREROUTING {
                type nat hook prerouting priority dstnat; policy accept;
        \(rewrites)
            }
            chain OUTPUT {
                type nat hook output priority -100; policy accept;
        \(rewrites)
            }
            chain POSTROUTING {
                type nat hook postrouting priority srcnat; policy accept;
        \(sourceRule)
            }
        }
        table ip raw {
            chain PREROUTING {
                type filter hook prerouting priority raw; policy accept;
        \(perTransport { "ip daddr \($0) \($1) dport 53 notrack" })
            }
            chain OUTPUT {
                type filter hook output priority raw; policy accept;
        \(perAddress(outgoing))
            }
        }
        table ip filter {
            chain INPUT {
                type filter hook input priority filter; policy accept;
        \(perTransport { "ip daddr \($0) \($1) dport 53 accept" })
            }
            chain OUTPUT {
                type filter hook output priority filter; policy accept;
        \(perTransport { "ip saddr \($0) \($1) sport 53 accept" })
            }
        }

        """
    }

    /// A round-robin choice per flow, as IPVS's default scheduler makes it; addresses of the cache are left alone.
    private var rewrites: String {
        let targets = endpoints.enumerated().map { "\($0) : \($1)" }.joined(separator: ", ")
        return services.filter { !listen.contains($0) }.map {
            "        ip daddr \($0) meta l4proto { tcp, udp } th dport 53 "
                + "dnat to numgen inc mod \(endpoints.count) map { \(targets) }"
        }.joined(separator: "\n")
    }

    private var sourceRule: String {
        let addresses = endpoints.map(\.description).joined(separator: ", ")
        return switch source {
        case .masquerade(let pods):
            "        ip saddr != \(pods) ip daddr { \(addresses) } th dport 53 masquerade"
        case .fixed(let address):
            "        ip saddr { \(services.map(\.description).joined(separator: ", ")) } "
                + "ip daddr { \(addresses) } snat to \(address)"
        }
    }

    /// The rules of node-cache for each address (kubernetes/dns, cmd/node-cache/app/cache_app.go), twelve in all.
    private func perAddress(_ rules: (IPAddress) -> [String]) -> String {
        listen.flatMap(rules).map { "        \($0)" }.joined(separator: "\n")
    }

    private func perTransport(_ rule: (IPAddress, String) -> String) -> String {
        perAddress { address in ["tcp", "udp"].map { rule(address, $0) } }
    }

    private func outgoing(_ address: IPAddress) -> [String] {
        [
            "ip saddr \(address) tcp sport 53 notrack", "ip saddr \(address) udp sport 53 notrack",
            "ip daddr \(address) tcp dport 53 notrack", "ip daddr \(address) udp dport 53 notrack",
            "ip daddr \(address) tcp dport 8080 notrack", "ip saddr \(address) tcp sport 8080 notrack",
        ]
    }
}
