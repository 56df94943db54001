import DNSWire

extension LabFault {
    private typealias Layout = LabLayout
    private static let cache = LabLayout.cache.address
    private static let reset = "reject with tcp reset"
    private static let pods = LabLayout.endpoints.map(\.address)

    /// How it comes about.
    var staging: FaultStaging {
        switch self {
        case .notrackMissing: .rules(.keepingUntracking { _, _ in false })
        case .notrackTCPMissing: .rules(.keepingUntracking { !$1.contains("tcp") })
        case .notrackOutputMissing: .rules(.keepingUntracking { chain, _ in chain != "OUTPUT" })
        case .notrackMisordered: .rules(.acceptingFirst)
        case .notrackDuplicated: .rules(.repeatingUntracking(20))
        case .acceptMissing: .rules(.withoutAccepting)
        case .acceptDuplicated: .rules(.repeatingAccepting(100))
        case .rulesInLegacyBackEnd: .act(.moveRulesToLegacy)
        case .addressDropped:
            .links(
                ["addr del \(Self.cache)/32 dev nodelocaldns"],
                shownBy: .init(question: ["-4", "addr", "show"], text: "\(Self.cache)", isThere: false)
            )
        case .routeShadowed:
            .links(
                [
                    "route add unreachable \(Self.cache) table 100", "rule add pref 1000 lookup local",
                    "rule add pref 100 to \(Self.cache) lookup 100", "rule del pref 0",
                ],
                shownBy: .init(question: ["route", "get", "\(Self.cache)"], text: "local", isThere: false)
            )
        case .clusterIPOnCacheInterface:
            .links(
                ["addr add \(Layout.clusterDNS.address)/32 dev nodelocaldns"],
                shownBy: .init(
                    question: ["-4", "addr", "show", "dev", "nodelocaldns"],
                    text: "\(Layout.clusterDNS.address)",
                    isThere: true
                ),
                topology: .ipvs
            )
        case .clusterIPNotHeld:
            .links(
                ["addr del \(Layout.clusterDNS.address)/32 dev kube-ipvs0"],
                shownBy: .init(question: ["-4", "addr", "show"], text: "\(Layout.clusterDNS.address)", isThere: false),
                topology: .ipvs
            )
        case .interfaceMisnamed: .defect(.interfaceMisnamed)
        case .foreignUDPListener: .disturbance(.listenUDP, ["0.0.0.0:53"])
        case .foreignTCPListener: .disturbance(.listenTCP, ["0.0.0.0:53"])
        case .secondCache: .act(.duplicate)
        case .healthPortTaken: .disturbance(.mute, ["\(Self.cache):8080"])
        case .metricsPortTaken: .disturbance(.page, ["0.0.0.0:9253"])
        case .cacheKilled: .act(.kill)
        case .cacheFrozen: .act(.freeze)
        case .cacheThrottled: .act(.throttle)
        case .descriptorsShort: .act(.limitDescriptors)
        case .tcpClientsClosed: .defect(.dropsTCP)
        case .answersSlow: .defect(.slow50ms)
        case .panics: .defect(.panicsCounted)
        case .setupErrors: .defect(.setupErrorsCounted)
        case .forceTCPRemoved: .corefile(.without(line: "force_tcp"))
        case .forceTCPIgnored: .defect(.upstreamUDP)
        case .corefileStale: .corefile(.with(zone: "old.example"))
        case .zoneMissing: .corefile(.without(zone: "ip6.arpa"))
        case .zoneBoundElsewhere: .corefile(.setting("bind", of: ".", to: "127.0.0.53"))
        case .zoneFails: .corefile(.setting("forward", of: "in-addr.arpa", to: ". \(Layout.otherNode)"))
        case .placeholderLeft: .act(.startOnBadCorefile)
        case .reloadRefused: .act(.reloadBadCorefile)
        case .healthFailing: .defect(.healthDown)
        case .healthRemoved: .corefile(.without(plugin: "health"))
        case .healthBlocked: .rules(.stopping(at: .node, [Self.cache], [("tcp", 8080, Self.reset)]))
        case .metricsRemoved: .corefile(.without(plugin: "prometheus"))
        case .metricsBlocked: .rules(.stopping(at: .node, [Self.cache], [("tcp", 9253, Self.reset)]))
        case .buildInfoMissing: .defect(.buildInfoMissing)
        case .cacheUDPBlocked: .rules(.stopping(at: .node, [Self.cache], [("udp", 53, "drop")]))
        case .cacheTCPBlocked: .rules(.stopping(at: .node, [Self.cache], [("tcp", 53, Self.reset)]))
        case .clusterUDPBlocked: .rules(.stopping(at: .cluster, Self.pods, [("udp", 53, "drop")]))
        case .clusterTCPRefused: .rules(.stopping(at: .cluster, Self.pods, [("tcp", 53, Self.reset)]))
        case .clusterTCPBlocked: .rules(.stopping(at: .cluster, Self.pods, [("tcp", 53, "drop")]))
        case .endpointDead: .rules(Self.stopping(Array(Self.pods.prefix(1)), "reject", Self.reset))
        case .endpointsDead: .rules(Self.stopping(Self.pods, "reject", Self.reset))
        case .endpointsSilent: .rules(Self.stopping(Self.pods, "drop", "drop"))
        case .externalRefuses: .rules(Self.stopping([Layout.external.address], "reject", Self.reset))
        case .externalSilent: .rules(Self.stopping([Layout.external.address], "drop", "drop"))
        case .synsLost: .disturbance(.connect, ["\(Layout.sink):53"])
        case .cacheSocketOverflow: .disturbance(.floodCache, ["\(Layout.cache)"])
        case .otherSocketOverflow: .disturbance(.floodSelf)
        case .listenOverflow: .disturbance(.overflowListener)
        case .conntrackFull: .disturbance(.fillConntrack, ["\(Layout.sink)"])
        case .portsExhausted:
            .settings(["ip_local_port_range": "40000 40511"], then: .exhaustPorts, ["\(Layout.clusterDNS)", "400"])
        case .strictReversePath:
            .settings(["conf/all/rp_filter": "1", "conf/eth0/rp_filter": "1", "conf/veth-pod/rp_filter": "1"])
        case .podsBypassCache: .podDisturbance(.ask, ["\(Layout.clusterDNS)"])
        case .podsAskCluster: .defect(.podsAskCluster)
        case .kubeletNamesCluster: .act(.pointKubeletAtCluster)
        case .proxyModesMixed:
            .rules(
                FaultyRules(script: "table ip kube-proxy {\n chain services {\n }\n}\n") { rules in
                    rules.contains { $0.hasPrefix("table ip kube-proxy") } ? "there is a table ip kube-proxy" : nil
                }
            )
        }
    }

    /// What the Corefile in force must lose besides, so that the fault can be staged: a port that another program is
    /// to take has to be free.
    var corefile: FaultyCorefile? {
        switch self {
        case .healthPortTaken: .without(plugin: "health")
        case .metricsPortTaken: .without(plugin: "prometheus")
        default: if case .corefile(let corefile) = staging { corefile } else { nil }
        }
    }

    /// What is switched on in the reference cache.
    var defect: CacheDefect? { if case .defect(let defect) = staging { defect } else { nil } }

    private static func stopping(_ addresses: [IPAddress], _ udp: String, _ tcp: String) -> FaultyRules {
        .stopping(at: .cluster, addresses, [("udp", 53, udp), ("tcp", 53, tcp)])
    }
}
