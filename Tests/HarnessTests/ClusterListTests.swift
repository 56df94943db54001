import DNSWire
import Foundation
import Scenario
import Testing

@testable import Harness

@Suite("Names from a list of Services")
struct ClusterListTests {
    private func read(_ text: String) throws -> [WorkloadPart: [DNSName]] {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("nldns-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return try ClusterList(path: path, domain: try DNSName("cluster.local")).names
    }

    private static let list = """
        {"apiVersion": "v1", "kind": "List", "items": [
          {"kind": "Service", "metadata": {"name": "web", "namespace": "shop"},
           "spec": {"type": "ClusterIP", "clusterIP": "10.96.1.2", "clusterIPs": ["10.96.1.2", "fd00::1:2"],
                    "ports": [{"name": "http", "protocol": "TCP", "port": 80}, {"port": 81}]}},
          {"kind": "Service", "metadata": {"name": "db", "namespace": "shop"},
           "spec": {"type": "ClusterIP", "clusterIP": "None", "ports": [{"name": "pg", "protocol": "TCP", "port": 5432}]}},
          {"kind": "Service", "metadata": {"name": "ext", "namespace": "shop"},
           "spec": {"type": "ExternalName", "externalName": "api.example.com"}},
          {"kind": "EndpointSlice", "metadata": {"name": "db-x1", "namespace": "shop",
                                                 "labels": {"kubernetes.io/service-name": "db"}},
           "endpoints": [{"hostname": "db-0", "addresses": ["10.0.0.1"]}, {"addresses": ["10.0.0.2"]}]}
        ]}
        """

    @Test("Each part has the names that a cluster of these Services answers for")
    func parts() throws {
        let names = try read(Self.list).mapValues { $0.map(\.description) }
        #expect(names[.service] == ["web.shop.svc.cluster.local."])
        #expect(names[.headless] == ["db.shop.svc.cluster.local.", "db-0.db.shop.svc.cluster.local."])
        #expect(names[.srv] == ["_http._tcp.web.shop.svc.cluster.local.", "_pg._tcp.db.shop.svc.cluster.local."])
        #expect(names[.external] == ["api.example.com."])
        #expect(names[.ptr]?.first == "2.1.96.10.in-addr.arpa.")
        #expect(
            names[.ptr]?.last?.hasPrefix("2.0.0.0.1.0.0.0.") == true
                && names[.ptr]?.last?.hasSuffix(".d.f.ip6.arpa.") == true
        )
        #expect(names[.missing]?.count == 100 && names[.missing]?.first == "nldns-missing-0.shop.svc.cluster.local.")
    }

    @Test(
        "What is no such list is refused in one sentence",
        arguments: [
            ("", "is no list of Services"), ("{", "is no list of Services"), ("[1, 2]", "is no list of Services"),
            ("{\"items\": []}", "holds no Service"), ("{\"items\": [{\"metadata\": {}}]}", "holds no Service"),
        ]
    )
    func bad(text: String, expected: String) {
        let failure = #expect(throws: Failure.self) { try read(text) }
        #expect(
            failure?.message.contains(expected) == true && failure?.status == .badInput,
            "\(failure?.message ?? "")"
        )
    }

    @Test("A file of names has a part and a name a line, and a fault is told with its line")
    func namesFile() throws {
        func parse(_ text: String) throws -> [WorkloadPart: [DNSName]] {
            let path = FileManager.default.temporaryDirectory.appendingPathComponent("nldns-\(UUID().uuidString)").path
            defer { try? FileManager.default.removeItem(atPath: path) }
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            return try ClusterList.names(path: path)
        }
        let names = try parse("; mine\nweb.shop.svc.cluster.local\n\nexternal example.com\nsrv _a._tcp.b.c\n")
        #expect(names[.service]?.count == 1 && names[.external]?.count == 1 && names[.srv]?.count == 1)
        let failure = #expect(throws: Failure.self) { try parse("a.b\nservices c.d\n") }
        #expect(failure?.message.contains(":2: \"services\" is no part") == true)
        #expect(throws: Failure.self) { try parse("; nothing\n") }
    }
}
