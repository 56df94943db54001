import DNSWire
import NodeLocal
import Testing

@testable import Doctor

@Suite("Questions to the zones")
struct ZoneQuestionTests {
    @Test("the seed's zones are asked for what every cluster has")
    func knownQuestions() throws {
        let questions = ZoneQuestion.known(in: try HealthyNode.context())
        #expect(
            questions.map(\.question.description) == [
                "kubernetes.default.svc.cluster.local. IN A",
                "10.0.96.10.in-addr.arpa. IN PTR",
                "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa. IN PTR",
                ". IN NS",
            ]
        )
        #expect(questions.map(\.isOfCluster) == [true, true, true, false])
    }

    @Test("unknown names stay inside their zone and differ from look to look")
    func unknownQuestions() throws {
        let context = try HealthyNode.context()
        let questions = ZoneQuestion.unknown(in: context, nonce: 0x1_2345)
        #expect(
            questions.map(\.question.description) == [
                "nldns-doctor-12345.cluster.local. IN A",
                "69.35.19.198.in-addr.arpa. IN PTR",
                "5.4.3.2.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa. IN PTR",
                "nldns-doctor-12345. IN A",
            ]
        )
        for question in questions { #expect(question.question.name.isSubdomain(of: question.zone)) }
        #expect(Set(questions).isDisjoint(with: ZoneQuestion.unknown(in: context, nonce: 0x1_2346)))
    }

    @Test("a stub domain is asked for its SOA, and the cluster DNS is not asked for it")
    func stubDomain() throws {
        let text = """
            cluster.local:53 {
              bind 169.254.20.10
              forward . 10.96.0.10
            }
            corp.test:53 {
              bind 169.254.20.10
              forward . 192.0.2.9
            }
            other.test:5353 {
              bind 169.254.20.10
              forward . 192.0.2.9
            }
            """
        let context = DoctorContext(
            cache: HealthyNode.cache,
            clusterDNS: HealthyNode.clusterDNS,
            corefile: try Corefile.parse(text, file: "Corefile")
        )
        let questions = ZoneQuestion.known(in: context)
        #expect(questions.map(\.question.description).last == "corp.test. IN SOA")
        #expect(questions.map(\.isOfCluster) == [true, false])
    }
}
