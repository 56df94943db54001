/// What to do about each finding; sources are the failure modes of node-cache that its issue
/// tracker and CoreDNS's code document.
extension FindingID {
    /// What to do then.
    package var remediation: String {
        switch self {
        case .cacheAddress:
            "look at `ip addr show nodelocaldns` and the node-cache log; keep NetworkManager and systemd-networkd off "
                + "the interface"
        case .cacheRoute:
            "compare `ip route get` with `ip rule` and `ip route show table all` for the cache's address"
        case .cacheListeners: "see who holds the port with `ss -lunp` and `ss -ltnp`, and read the node-cache log"
        case .foreignListener: "bind that program to its own address, such as 127.0.0.53, or stop it"
        case .cacheAnswersUDP, .cacheAnswersTCP:
            "compare with the same query to the cluster DNS: if that works the fault is in the cache or in the rules of "
                + "this node"
        case .cacheLatency: "see whether the cache is throttled or its node overloaded, and compare with `nldns bench`"
        case .cacheMisses: "follow the zone's upstream: ask it directly over the transport that the Corefile asks for"
        case .clusterAnswersUDP, .clusterAnswersTCP:
            "check the Service's ports and endpoints, network policies of the cluster DNS pods, and the node's proxy rules"
        case .clusterSoftware:
            "watch tcp-syn-retransmits and the upstream latency under load; run CoreDNS as cluster DNS, or more replicas, "
                + "or leave out force_tcp for its zones"
        case .health:
            "read the node-cache log for a listener that could not bind, and check that nobody else holds the port"
        case .cacheArguments:
            "mend the flags in the DaemonSet; leave -syncinterval out, and make the Service before the "
                + "pods"
        case .cacheThrottling: "take away node-cache's CPU limit, or raise it"
        case .cacheMemory:
            "raise the memory limit (each full cache of 10,000 entries takes about 30 MB), or make the "
                + "caches smaller"
        case .cacheDescriptors:
            "look with `ss -tnp` for what keeps the connections open, and raise the limit of the "
                + "container runtime"
        case .metrics: "check the `prometheus` line of the Corefile and who holds the port"
        case .cacheCapacity: "raise the capacity in the `cache` block of the Corefile, with memory to match"
        case .servfailShare: "look in the node-cache log for the zone and upstream, and ask that upstream directly"
        case .concurrencyRejects: "find out why upstream is slow, then raise max_concurrent"
        case .cachePanics: "read the stack in the node-cache log, and update node-cache"
        case .reloadFailures:
            "read the reason in the node-cache log, mend the ConfigMap, and restart the pod if its pages "
                + "are gone"
        case .setupErrors:
            "the label errortype tells what failed: iptables_lock is another program holding the lock, "
                + "configmap a ConfigMap that is not there"
        case .coreDNSVersion: "update node-cache to a current release"
        case .corefileInForce:
            "wait for the kubelet's sync and the reload interval, then restart the pod; look for `Corefile` errors in its "
                + "log"
        case .corefilePlaceholders:
            "replace it: __PILLAR__DNS__DOMAIN__ and __PILLAR__LOCAL__DNS__ are the installer's, the "
                + "others node-cache fills in"
        case .upstreamUDPSockets:
            "read the rendered Corefile inside the pod and look for force_tcp in each forward block"
        case .upstreamConnections:
            "look with `ss -tnoi` at the cache's connections, and follow that address through IPVS or "
                + "iptables to its pod"
        case .upstreamPorts:
            "find out who closes the connections (`ss -tan state time-wait`), widen "
                + "net.ipv4.ip_local_port_range, and set net.ipv4.tcp_tw_reuse=1"
        case .upstreamTransport:
            "read the rendered Corefile inside the pod and look for force_tcp in each forward block"
        case .upstreamHealth:
            "ask each upstream directly over the transport of the Corefile, and look at the endpoints of "
                + "the cluster DNS"
        case .socketDrops: "give node-cache CPU (no limit), and raise net.core.rmem_max and net.core.rmem_default"
        case .udpCounters: "find the socket by its drops column in /proc/net/udp"
        case .softnetDrops: "raise net.core.netdev_max_backlog, and spread packets over CPUs (RPS)"
        case .reversePathFilter:
            "set rp_filter to 2 on the interfaces of tunnels and pods, as the network plugin's "
                + "documentation asks"
        case .receiveBuffers:
            "set net.core.rmem_default and net.core.rmem_max to 212992 or more, and net.ipv4.udp_mem to "
                + "what the node can spare"
        case .tcpListenCounters: "find the listener with `ss -ltn` by its Recv-Q, and raise net.core.somaxconn"
        case .tcpSynRetransmits:
            "look for sockets in SYN-SENT with `ss -tn state syn-sent`; on IPVS nodes before Linux 5.9 set "
                + "net.ipv4.vs.conn_reuse_mode=0"
        case .conntrackFill: "raise net.netfilter.nf_conntrack_max or find what opens the connections"
        case .conntrackCounters:
            "lead clients to the cache, whose queries are not tracked, and raise "
                + "net.netfilter.nf_conntrack_max"
        case .conntrackEntries:
            "compare the raw table of `iptables-nft-save` and `iptables-legacy-save`, and the order of its rules"
        case .notrackRules:
            "look in the node-cache log for iptables errors, check -setupiptables and -syncinterval; "
                + "node-cache without -pidfile sets its rules after a minute"
        case .notrackOrder:
            "move that rule behind those of node-cache, or restart node-cache so that it puts its rules "
                + "first again"
        case .acceptRules:
            "look in the node-cache log for iptables errors, and which program rewrites the table filter"
        case .ruleDuplicates: "delete the copies with `iptables -D`, and restart node-cache"
        case .ruleBackend:
            "use a node-cache image whose iptables picks the node's back end, and delete the rules left "
                + "in the other with `iptables-legacy` or `iptables-nft`"
        case .proxyMode: "run `kube-proxy --cleanup` for the mode that was left, or reboot the node"
        case .installVariant:
            "on IPVS nodes give node-cache -localip with its own address alone, and in each `bind` too, "
                + "and lead the kubelet's clusterDNS to it"
        case .ipvsService: "check the Service's endpoints and the kube-proxy log; `ipvsadm -Ln` shows the table"
        case .ipvsConnections:
            "set net.ipv4.vs.expire_nodest_conn=1, shorten kube-proxy's --ipvs-udp-timeout, and drop the "
                + "entries with `conntrack -D` and a restart of node-cache"
        case .ipvsSettings: "let kube-proxy set them (it does at its start), and look for what sets them back"
        case .kubeletClusterDNS:
            "set clusterDNS in the kubelet's configuration to the cache's address and restart the "
                + "kubelet; it holds for new pods"
        case .podResolvers: "restart their workloads (`kubectl rollout restart`)"
        case .cacheBypass:
            "look at these pods' /etc/resolv.conf and recreate them once the kubelet names the cache; an entry outlives "
                + "its last query by up to three minutes"
        case .resolverLoop:
            "let the kubelet hand out a resolv.conf with real servers (--resolv-"
                + "conf=/run/systemd/resolve/resolv.conf), and keep the cache's address out of it"
        case .clockStep: "look at the node's time service (`chronyc tracking`), and measure again"
        case .hostNamespace: "run it on the node itself, or in a pod with hostNetwork: true and hostPID: true"
        case .lookPrivileges: "run it as root, or give the container these capabilities"
        }
    }
}
