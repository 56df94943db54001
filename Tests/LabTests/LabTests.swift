import DNSWire
import Doctor
import Glibc
import LinuxNet
import Testing

@testable import Lab

@Suite(
    "A running lab",
    .serialized,
    .enabled(if: LabFixture.isPossible, Comment(rawValue: LabFixture.obstacle ?? "")),
    .timeLimit(.minutes(2))
)
struct LabTests {
    @Test("the wire behind the node shows endpoints and the node's address, and every zone its transport")
    func ipvsPaths() async throws {
        try await LabFixture.withLab(LabFixture.options()) { lab in
            let cache = lab.cacheEndpoint
            var reached: Set<String> = []
            for index in 0..<8 {
                let name = "n\(index).script.cluster.local"
                let direct = try LabFixture.witness(name, at: lab.clusterDNS, over: .udp, in: lab.pod)
                reached.insert(direct["to"] ?? "")
                #expect(direct["from"] == "10.244.0.10" && direct["transport"] == "udp")
            }
            #expect(reached == ["10.244.1.2", "10.244.2.2"])
            let cluster = try LabFixture.witness("a.script.cluster.local", at: cache, over: .udp, in: lab.pod)
            #expect(cluster["transport"] == "tcp" && cluster["from"] == "172.18.0.2")
            #expect(reached.contains(cluster["to"] ?? ""))
            let reverse = try LabFixture.witness("a.script.168.192.in-addr.arpa", at: cache, over: .udp, in: lab.pod)
            #expect(reverse["transport"] == "tcp")
            let outside = try LabFixture.witness("a.script.example.com", at: cache, over: .udp, in: lab.pod)
            #expect(outside["transport"] == "udp" && outside["to"] == "172.18.0.53")
            let mirrored = try LabFixture.witness("b.script.example.com", at: cache, over: .tcp, in: lab.pod)
            #expect(mirrored["transport"] == "tcp")
        }
    }

    @Test("a repeated question stays in the cache, and the witness says so")
    func cacheHit() async throws {
        try await LabFixture.withLab(LabFixture.options()) { lab in
            for _ in 0..<3 {
                let seen = try LabFixture.witness(
                    "h.script.cluster.local",
                    at: lab.cacheEndpoint,
                    over: .udp,
                    in: lab.pod
                )
                #expect(seen["count"] == "1")
            }
            let direct = try LabFixture.witness("h.script.cluster.local", at: lab.clusterDNS, over: .udp, in: lab.pod)
            #expect(direct["count"] == "2")
        }
    }

    @Test("names that nobody scripted are the same through the cache and from the cluster DNS")
    func sameAnswers() async throws {
        try await LabFixture.withLab(LabFixture.options()) { lab in
            let names =
                [KubeNameKind.clusterIP, .headless, .externalName, .missing].compactMap { lab.zone.names(of: $0).first }
                + [try DNSName("www.example.com"), try DNSName("no.such.name.example.com")]
            for name in names {
                let ask = { (target: Endpoint) in
                    try LabFixture.ask(name.description, .a, at: target, over: .udp, in: lab.pod)
                }
                let cached = try ask(lab.cacheEndpoint)
                let direct = try ask(lab.clusterDNS)
                #expect(cached.rcode == direct.rcode, "\(name)")
                #expect(Set(cached.answers.map(\.data)) == Set(direct.answers.map(\.data)), "\(name)")
            }
        }
    }

    @Test("in iptables mode no interface holds the ClusterIP, in ipvs mode kube-ipvs0 does")
    func whoHoldsTheClusterIP() async throws {
        for (topology, holds) in [(LabTopology.ipvs, true), (.iptables, false)] {
            try await LabFixture.withLab(LabFixture.options(topology)) { lab in
                let bound: Bool = try lab.node.perform {
                    do throws(NetError) {
                        _ = try UDPSocket(boundTo: Endpoint(address: LabLayout.clusterDNS.address, port: 0))
                        return true
                    } catch {
                        return false
                    }
                }
                #expect(bound == holds, "\(topology)")
            }
        }
    }

    @Test("an iptables cache may claim the ClusterIP, and then answers on it itself")
    func claimedClusterIP() async throws {
        var options = LabFixture.options(.iptables)
        options.corefile = """
            .:53 {
                errors
                cache 30
                bind 169.254.20.10 10.96.0.10
                forward . 10.96.0.11 {
                    force_tcp
                }
                prometheus :9253
                health 169.254.20.10:8080
            }
            """
        try await LabFixture.withLab(options) { lab in
            let seen = try LabFixture.witness("c.script.cluster.local", at: lab.clusterDNS, over: .udp, in: lab.pod)
            #expect(seen["transport"] == "tcp" && seen["count"] == "1")
            let again = try LabFixture.witness("c.script.cluster.local", at: lab.cacheEndpoint, over: .udp, in: lab.pod)
            #expect(again["count"] == "1")
        }
    }

    @Test("each peer can stand where the cache stands", arguments: CachePeer.allCases)
    func peers(_ peer: CachePeer) async throws {
        // dnsmasq and PowerDNS Recursor cannot be told to ask upstream over TCP.
        let transport = peer == .dnsmasq || peer == .pdnsRecursor ? "udp" : "tcp"
        try await LabFixture.withLab(LabFixture.options(cache: .peer(peer))) { lab in
            // dnsmasq keeps no TXT records, which the witness speaks in.
            for count in 1...(peer == .dnsmasq ? 1 : 2) {
                let name = "u.script.cluster.local"
                let seen = try LabFixture.witness(name, at: lab.cacheEndpoint, over: .udp, in: lab.pod)
                #expect(seen["transport"] == transport && seen["count"] == "1", "question \(count)")
            }
            #expect(lab.health == nil && lab.metrics == nil)
            // The doctor asks a cluster DNS what it is; these are servers that have a name, or have been told none.
            let probe = SoftwareProbe(server: lab.cacheEndpoint, timeoutNanoseconds: 1_000_000_000)
            let software = try await Threads.run(name: "software", namespace: lab.pod) { probe.ask() }
            #expect((software.value?.hasPrefix("dnsmasq-2.") ?? false) == (peer == .dnsmasq))
            #expect(software.value != nil || software.reason?.hasPrefix("it does not say what it is: ") == true)
        }
    }

    @Test("a defective cache is a lab all the same", arguments: [CacheDefect.dropsTCP, .healthDown, .qrClear])
    func defects(_ defect: CacheDefect) async throws {
        var options = LabFixture.options()
        options.defects = [defect]
        try await LabFixture.withLab(options) { lab in try lab.checkHealth() }
    }

    @Test("after the end no process and no directory of the lab is left")
    func nothingIsLeft() async throws {
        var namespaces: [String] = []
        var directory = ""
        try await LabFixture.withLab(LabFixture.options()) { lab in
            namespaces = [lab.pod, lab.node, lab.cluster].map(LabFixture.identity)
            directory = lab.directoryPath
            #expect(Set(namespaces).count == 3)
            #expect(LabFixture.processes(inNamespace: namespaces[1]).count == 1)
            #expect(LabFixture.processes(inNamespace: namespaces[2]).count == 2)
        }
        for namespace in namespaces { #expect(LabFixture.processes(inNamespace: namespace).isEmpty) }
        #expect(access(directory, F_OK) != 0)
    }

    @Test("a program in the pod finds the cache through its resolver file", arguments: [LabTopology.ipvs])
    func podCommand(_ topology: LabTopology) async throws {
        try await LabFixture.withLab(LabFixture.options(topology)) { lab in
            let found = try LabFixture.output(of: lab.podCommand(["getent", "ahostsv4", "kubernetes"]))
            #expect(found.hasPrefix("10.96.0.1 "))
            #expect(try LabFixture.output(of: ["cat", "/etc/resolv.conf"]).contains("169.254.20.10") == false)
        }
    }

    @Test(
        "whatever cache stands there serves the seed's Corefile; NLDNS_TEST_CACHE_BINARIES adds some by their paths",
        arguments: [LabCache.reference] + LabFixture.cacheBinaries.map { LabCache.binary(path: $0) }
    )
    func seedCorefile(_ cache: LabCache) async throws {
        try await LabFixture.withLab(LabFixture.options(cache: cache)) { lab in
            let seen = try LabFixture.witness("b.script.cluster.local", at: lab.cacheEndpoint, over: .udp, in: lab.pod)
            #expect(seen["transport"] == "tcp" && seen["from"] == "172.18.0.2")
            let outside = try LabFixture.witness("b.script.test", at: lab.cacheEndpoint, over: .udp, in: lab.pod)
            #expect(outside["transport"] == "udp")
        }
    }

    @Test("a raised stop flag ends the start, and nothing is left")
    func stopWhileStarting() async throws {
        let stop = StopFlag()
        stop.raise()
        let before = LabLeftovers.records().count
        await #expect(throws: LabError.stopped) {
            try await Lab.start(
                LabFixture.options(),
                executable: try #require(LabFixture.executable),
                stop: stop
            )
        }
        #expect(LabLeftovers.records().count == before)
    }

    @Test("a cache that cannot start is named with its last words")
    func cacheThatDies() async throws {
        let error = await #expect(throws: LabError.self) {
            try await Lab.start(
                LabFixture.options(cache: .binary(path: "/bin/false")),
                executable: try #require(LabFixture.executable),
                stop: StopFlag()
            )
        }
        guard case .partDied(let part, _, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(part == "CoreDNS")
    }
}
