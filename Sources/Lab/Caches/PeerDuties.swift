import DNSWire
import NodeLocal

/// What a Corefile asks of a cache, in the terms that all resolvers share.
struct PeerDuties {
    /// Where to listen, on port 53.
    let listen: [IPAddress]
    /// The zones with an upstream, the more specific ones first.
    let zones: [ZoneExpectation]
    /// The smallest cap on positive answers of all zones, in seconds; resolvers have one for all.
    let successCap: UInt32
    /// The smallest cap on negative answers of all zones, in seconds.
    let denialCap: UInt32

    /// Reads the duties off the Corefile's promises.
    init(_ expectations: CorefileExpectations) {
        listen = expectations.listenAddresses
        zones = expectations.zones.filter { !$0.upstreams.isEmpty }
            .sorted { $0.zone.labels.count > $1.zone.labels.count }
        let caches = expectations.zones.compactMap(\.cache)
        successCap = caches.map(\.success.maximumTTL).min() ?? 30
        denialCap = caches.map(\.denial.maximumTTL).min() ?? 5
    }

    /// Upstreams that every zone asks over TCP alone.
    var upstreamsOverTCP: [IPAddress] {
        let others = Set(zones.filter { $0.transport != .tcp }.flatMap(\.upstreams).map(\.address))
        var addresses: [IPAddress] = []
        for address in zones.filter({ $0.transport == .tcp }).flatMap(\.upstreams).map(\.address)
        where !others.contains(address) && !addresses.contains(address) {
            addresses.append(address)
        }
        return addresses
    }
}

/// dnsmasq's configuration with the duties that a Corefile gives to node-cache.
///
/// What dnsmasq cannot: ask a zone's upstream over TCP for a client that came over UDP (it follows the client's
/// transport in every zone), cap negative answers apart from positive ones (`max-cache-ttl` and `max-ttl` hold for
/// both), keep records of every type (TXT is always asked again), answer several queries of one TCP connection side by
/// side, serve pages.
struct DnsmasqConfiguration {
    /// The duties.
    var duties: PeerDuties

    /// The configuration file.
    var text: String {
        """
        port=53
        bind-interfaces
        \(duties.listen.map { "listen-address=\($0)" }.joined(separator: "\n"))
        user=root
        group=root
        pid-file=
        no-resolv
        no-hosts
        no-poll
        cache-size=10000
        max-cache-ttl=\(duties.successCap)
        max-ttl=\(duties.successCap)
        edns-packet-max=1232
        dns-forward-max=1000
        \(duties.zones.map(servers).joined(separator: "\n"))

        """
    }

    private func servers(_ zone: ZoneExpectation) -> String {
        let domain = zone.zone == .root ? "" : "/\(zone.zone.withoutFinalDot)/"
        return zone.upstreams.map { "server=\(domain)\($0.address)#\($0.port)" }.joined(separator: "\n")
    }
}

/// Knot Resolver's configuration with the duties that a Corefile gives to node-cache.
///
/// What Knot Resolver cannot: cap negative answers apart from positive ones (`cache.max_ttl` holds for both), follow
/// the client's transport in the `.` zone (it goes over UDP), serve node-cache's pages.
struct KnotResolverConfiguration {
    /// The duties.
    var duties: PeerDuties
    /// The lab's directory; the cache file lies in it.
    var directory: String

    /// The configuration file, which is a Lua program.
    var text: String {
        """
        \(duties.listen.map { "net.listen('\($0)', 53, { kind = 'dns' })" }.joined(separator: "\n"))
        net.bufsize(1232)
        trust_anchors.remove('.')
        cache.open(32 * MB, 'lmdb://\(directory)/kresd-cache')
        cache.min_ttl(0)
        cache.max_ttl(\(duties.successCap))
        \(duties.zones.flatMap(rules).joined(separator: "\n"))

        """
    }

    private func rules(_ zone: ZoneExpectation) -> [String] {
        let suffix = "policy.todnames({ '\(zone.zone)' })"
        let servers = zone.upstreams.map { "'\($0.address)@\($0.port)'" }.joined(separator: ", ")
        let transport = zone.transport == .tcp ? ["policy.add(policy.suffix(policy.FLAGS({ 'TCP' }), \(suffix)))"] : []
        return transport + ["policy.add(policy.suffix(policy.STUB({ \(servers) }), \(suffix)))"]
    }
}

/// PowerDNS Recursor's configuration with the duties that a Corefile gives to node-cache.
///
/// What the recursor cannot: ask a forwarded zone's servers over TCP alone (there is no such setting), follow the
/// client's transport upstream, serve node-cache's pages.
struct PDNSRecursorConfiguration {
    /// The duties.
    var duties: PeerDuties

    /// The configuration file.
    var text: String {
        """
        local-address=\(duties.listen.map(\.description).joined(separator: ","))
        local-port=53
        daemon=no
        disable-syslog=yes
        write-pid=no
        threads=1
        security-poll-suffix=
        allow-from=0.0.0.0/0,::/0
        dont-query=
        dnssec=off
        qname-minimization=no
        aggressive-nsec-cache-size=0
        root-nx-trust=no
        serve-rfc1918=no
        max-cache-ttl=\(duties.successCap)
        max-negative-ttl=\(duties.denialCap)
        max-cache-bogus-ttl=\(duties.denialCap)
        packetcache-ttl=\(duties.successCap)
        packetcache-servfail-ttl=\(duties.denialCap)
        edns-outgoing-bufsize=1232
        udp-truncation-threshold=4096
        max-tcp-clients=1000
        max-tcp-per-client=0
        forward-zones-recurse=\(duties.zones.map(zone).joined(separator: ","))

        """
    }

    private func zone(_ zone: ZoneExpectation) -> String {
        let name = zone.zone == .root ? "." : zone.zone.withoutFinalDot
        return name + "=" + zone.upstreams.map { "\($0.address):\($0.port)" }.joined(separator: ";")
    }
}

/// BIND's configuration with the duties that a Corefile gives to node-cache.
///
/// What named cannot: follow the client's transport in the `.` zone (it goes over UDP), tell by zone whether a server
/// is asked over TCP (`tcp-only` belongs to the server, so that a server which another zone asks over UDP keeps UDP),
/// cap TTLs by zone, serve node-cache's pages.
struct BIND9Configuration {
    /// The duties.
    var duties: PeerDuties
    /// The lab's directory; named works in it.
    var directory: String

    /// The configuration file.
    var text: String {
        """
        options {
            directory "\(directory)";
            pid-file none;
            lock-file none;
            session-keyfile none;
            listen-on port 53 { \(duties.listen.map { "\($0);" }.joined(separator: " ")) };
            listen-on-v6 { none; };
            recursion yes;
            allow-query { any; };
            allow-recursion { any; };
            allow-query-cache { any; };
            dnssec-validation no;
            empty-zones-enable no;
            qname-minimization off;
            synth-from-dnssec no;
            minimal-responses no;
            max-cache-size 32m;
            max-cache-ttl \(duties.successCap);
            max-ncache-ttl \(duties.denialCap);
            edns-udp-size 1232;
            max-udp-size 4096;
            recursive-clients 10000;
            tcp-clients 1000;
            forward only;
            \(forwarders(of: duties.zones.first { $0.zone == .root }))
        };
        controls { };
        \(duties.upstreamsOverTCP.map { "server \($0) { tcp-only yes; };" }.joined(separator: "\n"))
        \(duties.zones.filter { $0.zone != .root }.map(zone).joined(separator: "\n"))

        """
    }

    private func zone(_ zone: ZoneExpectation) -> String {
        "zone \"\(zone.zone.withoutFinalDot)\" { type forward; forward only; \(forwarders(of: zone)) };"
    }

    private func forwarders(of zone: ZoneExpectation?) -> String {
        let servers = (zone?.upstreams ?? []).map { "\($0.address) port \($0.port);" }
        return "forwarders { \(servers.joined(separator: " ")) };"
    }
}

/// dnsdist's configuration with the duties that a Corefile gives to node-cache.
///
/// What dnsdist cannot: it is a load balancer with a cache of whole answers, so it resolves nothing, relays the
/// upstream's header, caps only how long an answer is kept and not the TTL that clients see, follows no client's
/// transport, and serves no node-cache pages.
struct DnsdistConfiguration {
    /// The duties.
    var duties: PeerDuties

    /// The configuration file, which is a Lua program.
    var text: String {
        """
        setSecurityPollSuffix("")
        setACL({ "0.0.0.0/0", "::/0" })
        \(duties.listen.map { "addLocal(\"\($0):53\")" }.joined(separator: "\n"))
        setServerPolicy(firstAvailable)
        setUDPTimeout(2)
        setMaxTCPClientThreads(4)
        cache = newPacketCache(10000, { minTTL = 0, maxTTL = \(duties.successCap), \
        maxNegativeTTL = \(duties.denialCap), temporaryFailureTTL = 0 })
        \(duties.zones.enumerated().map(pool).joined(separator: "\n"))

        """
    }

    private func pool(_ number: Int, _ zone: ZoneExpectation) -> String {
        let servers = zone.upstreams.map { server in
            let address = "address = \"\(server.address):\(server.port)\""
            return "newServer({ \(address), pool = \"zone\(number)\", tcpOnly = \(zone.transport == .tcp) }):setUp()"
        }
        let rule = zone.zone == .root ? "AllRule()" : "makeRule({ \"\(zone.zone)\" })"
        let choice = [
            "getPool(\"zone\(number)\"):setCache(cache)", "addAction(\(rule), PoolAction(\"zone\(number)\"))",
        ]
        return (servers + choice).joined(separator: "\n")
    }
}

extension DNSName {
    /// The name as programs write it that want no dot at the end.
    fileprivate var withoutFinalDot: String {
        var text = description
        if text.hasSuffix("."), text != "." { text.removeLast() }
        return text
    }
}
