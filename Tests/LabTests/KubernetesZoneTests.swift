import DNSWire
import Lab
import Testing

@Suite("The generated cluster answers as the Kubernetes DNS specification 1.1.0 asks")
struct KubernetesZoneTests {
    private let zone = KubernetesZone(services: 500, seed: 7)

    private func ask(_ name: String, _ type: RecordType) throws -> ZoneAnswer {
        try #require(zone.answer(try DNSName(name), type))
    }

    @Test("equal seeds give equal clusters, other seeds others")
    func seedDecides() {
        #expect(KubernetesZone(services: 300, seed: 3).services == KubernetesZone(services: 300, seed: 3).services)
        #expect(KubernetesZone(services: 300, seed: 3).services != KubernetesZone(services: 300, seed: 4).services)
    }

    @Test("there are as many Services as asked for, and every kind of name occurs")
    func everyKindOccurs() {
        #expect(zone.services.count == 500 + KubernetesFixture.services.count)
        for kind in KubeNameKind.allCases {
            #expect(!zone.names(of: kind).isEmpty, "\(kind)")
        }
    }

    @Test("2.2: dns-version is TXT 1.1.0")
    func version() throws {
        let answer = try ask("dns-version.cluster.local", .txt)
        #expect(answer.answers.map(\.data) == [.txt([Array("1.1.0".utf8)])])
        #expect(answer.isAuthoritative)
        #expect(!answer.recursionAvailable)
    }

    @Test("2.3.1: a Service of one family has A and, for the other family, NODATA with the zone's SOA")
    func clusterIP() throws {
        let a = try ask("kubernetes.default.svc.cluster.local", .a)
        #expect(a.answers.map(\.data) == [.a(.v4(0x0A60_0001))])
        #expect(a.answers.map(\.ttl) == [30])
        let aaaa = try ask("kubernetes.default.svc.cluster.local", .aaaa)
        #expect(aaaa.rcode == .noError)
        #expect(aaaa.answers.isEmpty)
        #expect(aaaa.authorities.map(\.type) == [.soa])
        #expect(aaaa.authorities.map(\.name.description) == ["cluster.local."])
    }

    @Test("2.3.1: a dual-stack Service has one address of each family")
    func dualStack() throws {
        for name in zone.names(of: .dualStack) {
            #expect(zone.answer(name, .a)?.answers.count == 1)
            #expect(zone.answer(name, .aaaa)?.answers.count == 1)
        }
    }

    @Test("2.3.2: a named port has an SRV record at its number, an unnamed one none")
    func servers() throws {
        let answer = try ask("_http._tcp.cluster-ip.lab.svc.cluster.local", .srv)
        let target = try DNSName("cluster-ip.lab.svc.cluster.local")
        #expect(answer.answers.map(\.data) == [.srv(priority: 0, weight: 100, port: 80, target: target)])
        #expect(answer.additionals.map(\.name) == [target])
        #expect(try ask("_http._udp.cluster-ip.lab.svc.cluster.local", .srv).rcode == .nxDomain)
        #expect(try ask("_._tcp.unnamed-port.lab.svc.cluster.local", .srv).rcode == .nxDomain)
        #expect(try ask("_http._tcp.cluster-ip.lab.svc.cluster.local", .a).rcode == .noError)
    }

    @Test("2.3.3: every cluster address of both families names its Service")
    func reverse() throws {
        for service in zone.services {
            guard case .clusterIP(let addresses) = service.kind else { continue }
            for address in addresses {
                let answer = try #require(zone.answer(address.reverseName, .ptr))
                #expect(answer.answers.map(\.data) == [.ptr(zone.name(of: service))])
            }
        }
        #expect(zone.answer(try DNSName("77.1.168.192.in-addr.arpa"), .ptr) == nil)
        #expect(zone.answer(try DNSName("10.0.96.10.in-addr.arpa"), .a)?.authorities.map(\.type) == [.soa])
    }

    @Test("2.4.1: a headless Service stands for its ready endpoints, and for nothing when there are none")
    func headless() throws {
        let all = try ask("headless.lab.svc.cluster.local", .a)
        #expect(all.answers.count == 3)
        let one = try ask("headless-1.headless.lab.svc.cluster.local", .a)
        #expect(one.answers.map(\.data) == [.a(.v4(0x0AF5_0011))])
        #expect(try ask("headless-3.headless.lab.svc.cluster.local", .a).rcode == .nxDomain)
        #expect(try ask("headless-empty.lab.svc.cluster.local", .a).rcode == .nxDomain)
        #expect(try ask("10-245-1-0.many.lab.svc.cluster.local", .a).answers.count == 1)
    }

    @Test("2.4.2: SRV of a headless Service is every ready endpoint with that port")
    func headlessServers() throws {
        #expect(try ask("_peer._tcp.headless.lab.svc.cluster.local", .srv).answers.count == 3)
        #expect(try ask("headless.lab.svc.cluster.local", .srv).answers.count == 6)
        #expect(try ask("_http._tcp.headless-empty.lab.svc.cluster.local", .srv).rcode == .nxDomain)
    }

    @Test("2.4.3: a ready endpoint's address names it")
    func endpointReverse() throws {
        let answer = try ask("17.0.245.10.in-addr.arpa", .ptr)
        #expect(answer.answers.map(\.data) == [.ptr(try DNSName("headless-1.headless.lab.svc.cluster.local"))])
    }

    @Test("2.5: an ExternalName is an alias")
    func externalName() throws {
        let answer = try ask("external.lab.svc.cluster.local", .a)
        #expect(answer.answers.map(\.data) == [.cname(try DNSName("www.example.com"))])
    }

    @Test("a name that does not exist is NXDOMAIN with the cluster's SOA at TTL 30")
    func missing() throws {
        for name in ["nope.default.svc.cluster.local", "a.nowhere.svc.cluster.local", "bogus.cluster.local"] {
            let answer = try ask(name, .a)
            #expect(answer.rcode == .nxDomain, "\(name)")
            #expect(answer.authorities.map(\.ttl) == [30])
        }
        for name in zone.names(of: .missing) { #expect(zone.answer(name, .a)?.rcode == .nxDomain) }
    }

    @Test("names are found whatever their case, and the answer keeps the asked spelling")
    func caseInsensitive() throws {
        let answer = try ask("KUBERNETES.Default.SVC.cluster.LOCAL", .a)
        #expect(answer.answers.map(\.name.description) == ["KUBERNETES.Default.SVC.cluster.LOCAL."])
    }

    @Test("every name that the cluster lists as existing is answered with records")
    func listedNamesExist() throws {
        let types: [KubeNameKind: RecordType] = [
            .clusterIP: .a, .dualStack: .aaaa, .headless: .a, .endpoint: .a, .server: .srv, .reverse: .ptr,
            .externalName: .cname,
        ]
        for (kind, type) in types {
            for name in zone.names(of: kind) {
                let answer = zone.answer(name, type)
                #expect(answer?.rcode == .noError && answer?.answers.isEmpty == false, "\(kind) \(name)")
            }
        }
        for name in zone.names(of: .headlessNotReady) { #expect(zone.answer(name, .a)?.rcode == .nxDomain) }
    }
}
