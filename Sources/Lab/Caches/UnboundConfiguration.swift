import DNSWire
import NodeLocal

/// unbound's configuration with the duties that a Corefile gives to node-cache.
///
/// What unbound does not do is left out: it has no health endpoint and no Prometheus page, it follows no client's
/// transport upstream (the `.` zone goes over UDP), and its caps hold for all zones at once, so the smallest counts.
struct UnboundConfiguration {
    /// The zones, their upstreams and transports.
    var expectations: CorefileExpectations

    /// The configuration file.
    var text: String {
        """
        server:
        \(expectations.listenAddresses.map { "    interface: \($0)@53" }.joined(separator: "\n"))
            access-control: 0.0.0.0/0 allow
            access-control: ::/0 allow
            do-not-query-localhost: no
            num-threads: 1
            module-config: "iterator"
            username: ""
            chroot: ""
            directory: "/"
            pidfile: ""
            use-syslog: no
            logfile: ""
            verbosity: 1
            cache-max-ttl: \(cap { $0.success.maximumTTL } ?? 30)
            cache-max-negative-ttl: \(cap { $0.denial.maximumTTL } ?? 5)
            cache-min-ttl: 0
            msg-cache-size: 16m
            rrset-cache-size: 32m
            edns-buffer-size: 1232
            max-udp-size: 4096
            tcp-idle-timeout: 10000
            incoming-num-tcp: 1000
            outgoing-num-tcp: 200
            so-rcvbuf: 4m
            qname-minimisation: no
            aggressive-nsec: no
            prefetch: no
            rrset-roundrobin: no
            minimal-responses: no
            unblock-lan-zones: yes
            insecure-lan-zones: yes
            local-zone: "test." nodefault
        remote-control:
            control-enable: no
        \(expectations.zones.filter { !$0.upstreams.isEmpty }.map(forward).joined(separator: "\n"))

        """
    }

    private func cap(_ side: (CacheSettings) -> UInt32) -> UInt32? {
        expectations.zones.compactMap { $0.cache.map(side) }.min()
    }

    private func forward(_ zone: ZoneExpectation) -> String {
        let addresses = zone.upstreams.map { "    forward-addr: \($0.address)@\($0.port)" }.joined(separator: "\n")
        return """
            forward-zone:
                name: "\(zone.zone)"
            \(addresses)
                forward-tcp-upstream: \(zone.transport == .tcp ? "yes" : "no")
            """
    }
}
