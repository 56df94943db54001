import DNSWire
import NodeLocal
import Testing

@testable import Doctor

@Suite("Diagnosis")
struct DiagnosisTests {
    @Test("a healthy node passes every finding")
    func healthy() throws {
        for finding in Diagnosis(facts: try HealthyNode.facts()).findings {
            #expect(finding.status == .pass, "\(finding.id.rawValue): \(finding.read)")
        }
    }

    @Test("each fault is found by its own finding and by no other", arguments: NodeFault.all)
    func fault(_ fault: NodeFault) throws {
        var facts = try HealthyNode.facts()
        fault.apply(&facts)
        for finding in Diagnosis(facts: facts).findings {
            let expected =
                finding.id == fault.id ? fault.status : fault.silenced.contains(finding.id) ? .skip : .pass
            #expect(finding.status == expected, "\(finding.id.rawValue): \(finding.read)")
        }
    }

    @Test("every finding has a fault that triggers it")
    func coverage() {
        let found = Set(NodeFault.all.filter { $0.status == .fail }.map(\.id))
        // What we may see is nobody's fault, and what the cluster DNS runs on is none by itself.
        #expect(found == Set(FindingID.allCases).subtracting([.lookPrivileges, .clusterSoftware]))
    }

    @Test("what was not read is skipped with the reason, and never passes")
    func unread() throws {
        var facts = NodeFacts(context: try HealthyNode.context(), before: HealthyNode.sample())
        facts.context.clusterDNS = nil
        facts.before.sockets = .unreadable("udp: Permission denied")
        facts.before.localAddresses = .unreadable("fib_trie: Permission denied")
        facts.before.counters = .unreadable("snmp: Permission denied")
        for finding in Diagnosis(facts: facts).findings {
            #expect(finding.status == .skip, "\(finding.id.rawValue): \(finding.read)")
            #expect(!finding.read.isEmpty)
        }
    }

    @Test("while a capture runs the cluster DNS is not asked, and its findings say why")
    func underCapture() throws {
        var facts = try HealthyNode.facts()
        facts.context.isCaptureRunning = true
        (facts.clusterUDP, facts.clusterTCP) = ([], [])
        for finding in Diagnosis(facts: facts).findings {
            let isOfCluster = [.clusterAnswersUDP, .clusterAnswersTCP, .clusterSoftware].contains(finding.id)
            #expect(finding.status == (isOfCluster ? .skip : .pass), "\(finding.id.rawValue): \(finding.read)")
            if isOfCluster { #expect(finding.read.contains("capture")) }
        }
    }

    @Test("an entry from the cluster DNS IP itself is the node's own")
    func fromClusterAddress() throws {
        var facts = try HealthyNode.facts()
        facts.conntrack?.table = .value(HealthyNode.tracked(from: "10.96.0.10"))
        #expect(Diagnosis(facts: facts).finding(.cacheBypass).status == .pass)
    }

    @Test("an empty table of IPVS says nothing where kube-proxy does not use it")
    func bypassWithoutIPVS() throws {
        var facts = try HealthyNode.facts()
        facts.proxyMode = .reply(HTTPReply(status: 200, text: "iptables"))
        facts.conntrack?.table = .unreadable("nf_conntrack: Permission denied")
        #expect(Diagnosis(facts: facts).finding(.cacheBypass).status == .skip)
        facts.proxyMode = .reply(HTTPReply(status: 200, text: "ipvs"))
        #expect(Diagnosis(facts: facts).finding(.cacheBypass).status == .pass)
    }

    @Test("a wildcard socket is the cache's own when the Corefile binds no address")
    func wildcardCache() throws {
        var facts = try HealthyNode.facts()
        let text = ". {\n forward . 10.96.0.10 {\n force_tcp\n }\n prometheus :9253\n}\n"
        facts.context = DoctorContext(
            cache: HealthyNode.cache,
            clusterDNS: HealthyNode.clusterDNS,
            corefile: try Corefile.parse(text, file: "Corefile")
        )
        let sample = HealthyNode.sample(
            udp: [HealthyNode.listener(.udp, address: .v6(0, 0), inode: 51239)],
            tcp: [HealthyNode.listener(.tcp, address: .v6(0, 0), inode: 51240)]
        )
        facts.after = sample
        let diagnosis = Diagnosis(facts: facts)
        #expect(diagnosis.finding(.cacheListeners).status == .pass)
        #expect(diagnosis.finding(.foreignListener).status == .pass)
    }

    @Test("an upstream that a zone without force_tcp shares decides nothing")
    func sharedUpstream() throws {
        var facts = try HealthyNode.facts()
        let pillars = Pillars(clusterDNS: HealthyNode.clusterDNS.address, upstreamServers: ["10.96.0.10"])
        let corefile = try Corefile.parse(pillars.replacing(in: Seed.corefile), file: Seed.file)
        facts.context = DoctorContext(
            cache: HealthyNode.cache,
            clusterDNS: HealthyNode.clusterDNS,
            corefile: corefile
        )
        #expect(Diagnosis(facts: facts).finding(.upstreamUDPSockets).status == .skip)
    }

    @Test("a zone that never answered and is not counted leaves the Corefile undecided")
    func silentZoneIsNotCounted() throws {
        var facts = try HealthyNode.facts()
        facts.metrics = HealthyNode.metrics(zones: ["cluster.local.", "in-addr.arpa.", "ip6.arpa."])
        for path in [\NodeFacts.cacheUDP, \NodeFacts.cacheTCP] {
            let silent = ZoneAnswer(question: facts[keyPath: path][3].question, outcome: .silent(attempts: 2))
            facts[keyPath: path][3] = silent
        }
        #expect(Diagnosis(facts: facts).finding(.corefileInForce).status == .inconclusive)
    }

    @Test("each finding says what is expected, what it means and what to do")
    func texts() {
        for id in FindingID.allCases {
            for text in [id.title, id.expected, id.meaning, id.remediation] {
                #expect(text.count > 10 && !text.hasSuffix("."), "\(id.rawValue): \(text)")
            }
        }
    }
}
