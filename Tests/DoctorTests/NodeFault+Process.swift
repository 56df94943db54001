import DNSWire
import LinuxNet
import NodeLocal

@testable import Doctor

/// Faults of the cache's process, of what it counts, and of who is led to it.
extension NodeFault {
    static let process = [
        NodeFault("node-cache has another address", .cacheArguments) {
            $0.arguments = .value(CacheArguments(localAddresses: ["169.254.20.11"]))
        },
        NodeFault("the interval makes node-cache panic", .cacheArguments) {
            $0.arguments = .value(CacheArguments(localAddresses: ["169.254.20.10"], syncInterval: "10s"))
        },
        NodeFault("the interval never ends", .cacheArguments) {
            $0.arguments = .value(CacheArguments(localAddresses: ["169.254.20.10"], syncInterval: "60s"))
        },
        NodeFault("the upstream Service has no address", .cacheArguments) {
            $0.arguments = .value(
                CacheArguments(localAddresses: ["169.254.20.10"], upstreamService: "dns", hasUpstreamAddress: false)
            )
        },
        NodeFault("another program is the cache", .cacheArguments, .skip) {
            $0.arguments = .value(CacheArguments(localAddresses: nil))
        },
        NodeFault("the cache is throttled", .cacheThrottling) {
            $0.after?.process = .value(HealthyNode.process(throttled: 9))
        },
        NodeFault("the cache is near its memory limit", .cacheMemory) {
            $0.after?.process = .value(HealthyNode.process(memory: 160 << 20))
        },
        NodeFault("the kernel killed in the cache's group", .cacheMemory) {
            $0.after?.process = .value(HealthyNode.process(killed: 2))
        },
        NodeFault("descriptors leak", .cacheDescriptors) {
            $0.after?.process = .value(HealthyNode.process(descriptors: 600))
        },
        NodeFault("TIME-WAIT takes the ports", .upstreamPorts) {
            $0.after?.portUse = [HealthyNode.clusterDNS: PortUse(active: 20, timeWait: 15_000)]
        },
        NodeFault("an upstream takes connections and is silent", .upstreamConnections) {
            let stuck = HealthyNode.connection(.tcp, retransmits: 4, inode: 51_800)
            $0.after = HealthyNode.sample(tcp: [HealthyNode.listener(.tcp, inode: 51_240), stuck])
        },
        NodeFault("many connections wait to open", .upstreamConnections) {
            let opening = (0..<4).map { _ in HealthyNode.connection(.tcp, state: .synSent, inode: 51_800) }
            $0.after = HealthyNode.sample(tcp: [HealthyNode.listener(.tcp, inode: 51_240)] + opening)
        },
        NodeFault("answers come by the wrong interface", .reversePathFilter) {
            let text = ProcSnippets.netstat.replacing("12 31 2", with: "12 31 5")
            $0.after = HealthyNode.sample(counters: ProcSnippets.snmp + text)
        },
    ]

    private static func raised(_ name: String, by value: Double = 10) -> @Sendable (inout NodeFacts) -> Void {
        {
            $0.countersAfter = HealthyNode.counters(
                after: [name: value, "coredns_dns_responses_total": 100]
                    .merging(["coredns_proxy_conn_cache_hits_total": 20]) { first, _ in first }
            )
        }
    }

    static let metrics = [
        NodeFault("entries are put out", .cacheCapacity, apply: raised("coredns_cache_evictions_total")),
        NodeFault(
            "the cache is nearly full",
            .cacheCapacity,
            .inconclusive,
            apply: raised(
                "coredns_cache_entries",
                by: 9_000
            )
        ),
        NodeFault("many answers are SERVFAIL", .servfailShare, apply: raised("SERVFAIL")),
        NodeFault("one answer of many is SERVFAIL", .servfailShare, .inconclusive, apply: raised("SERVFAIL", by: 1)),
        NodeFault("all upstreams are out", .upstreamHealth, apply: raised("coredns_forward_healthcheck_broken_total")),
        NodeFault(
            "queries are refused for want of room",
            .concurrencyRejects,
            apply: raised(
                "coredns_forward_max_concurrent_rejects_total"
            )
        ),
        NodeFault("a plugin panics", .cachePanics, apply: raised("coredns_panics_total")),
        NodeFault("a reload fails", .reloadFailures, apply: raised("coredns_reload_failed_total")),
        NodeFault("a reload failed before", .reloadFailures) {
            $0.countersBefore = HealthyNode.counters(after: ["coredns_reload_failed_total": 1])
            $0.countersAfter = HealthyNode.counters(after: [
                "coredns_reload_failed_total": 1, "coredns_proxy_conn_cache_hits_total": 20,
                "coredns_dns_responses_total": 9,
            ])
        },
        NodeFault("node-cache cannot set its rules", .setupErrors) { $0.setupErrorsAfter = .value(2) },
        NodeFault("node-cache could not set its rules once", .setupErrors, .inconclusive) {
            ($0.setupErrorsBefore, $0.setupErrorsAfter) = (.value(2), .value(2))
        },
        NodeFault("node-cache's own page is not there", .setupErrors, .skip) {
            $0.setupErrorsAfter = .unreadable("connection refused")
        },
        NodeFault("the cache counts queries over UDP", .upstreamTransport, apply: raised("udp")),
        NodeFault("a withdrawn version runs", .coreDNSVersion) { $0.metrics = HealthyNode.metrics(version: "1.8.3") },
    ]

    static let clients = [
        NodeFault("a placeholder is left in the Corefile", .corefilePlaceholders) {
            let text = ".:53 {\n # __PILLAR__IN__COMMENT__\n forward . __PILLAR__UPSTREAM__SERVERS__\n}\n"
            $0.cacheFiles?.corefile = .value(CacheFiles.TextFile(path: "/etc/Corefile", text: text))
        },
        NodeFault("the kubelet names the cluster DNS", .kubeletClusterDNS) {
            $0.kubelet = .value(KubeletReading(source: "config.yaml", clusterDNS: ["10.96.0.10", "169.254.20.10"]))
        },
        NodeFault("the kubelet names nobody", .kubeletClusterDNS) {
            $0.kubelet = .value(KubeletReading(source: "config.yaml", clusterDNS: []))
        },
        NodeFault("no kubelet is seen", .kubeletClusterDNS, .skip) { $0.kubelet = .unreadable("no kubelet") },
        NodeFault("old pods ask the cluster DNS", .podResolvers) {
            $0.podResolvers = .value(HealthyNode.pods(ofCache: 12, ofCluster: 3))
        },
        NodeFault("no pod is seen", .podResolvers, .skip) {
            $0.podResolvers = .value(HealthyNode.pods(ofCache: 0, ofCluster: 0))
        },
        NodeFault("the cache forwards to itself", .resolverLoop) {
            $0.cacheFiles?.resolver = .value(HealthyNode.resolver("nameserver 169.254.20.10\n"))
        },
        NodeFault("the cache forwards to a stub that is not there", .resolverLoop) {
            $0.cacheFiles?.resolver = .value(HealthyNode.resolver("nameserver 127.0.0.53\n"))
        },
        NodeFault("the cache forwards to a stub", .resolverLoop, .inconclusive) {
            $0.cacheFiles?.resolver = .value(HealthyNode.resolver("nameserver 127.0.0.53\n"))
            let stub = HealthyNode.listener(.udp, address: .v4(0x7F00_0035), inode: 77)
            $0.after = HealthyNode.sample(udp: [HealthyNode.listener(.udp, inode: 51_239), stub])
        },
        NodeFault("we look from a pod", .hostNamespace) { $0.isHostNamespace = .value(false) },
        NodeFault("we may not see much", .lookPrivileges, .inconclusive) {
            $0.look = LookReading(capabilities: [.netRaw])
        },
    ]
}
