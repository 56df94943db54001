import DNSWire
import Testing

@testable import NodeLocal

@Suite("Manifest") struct ManifestTests {
    @Test("the seed's manifest yields its Corefile, its image and its arguments")
    func seed() throws {
        let manifest = try Manifest.read(Seed.manifest, file: Seed.file)
        let corefile = try #require(manifest.corefile)
        #expect(corefile.text.hasPrefix("cluster.local:53 {\n    errors\n"))
        let lines = Seed.manifest.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[corefile.firstLine - 1].contains("cluster.local:53"))
        #expect(Seed.corefile == corefile.text)
        let container = try #require(manifest.container)
        #expect(container.image == "cr.imroc.cc/k8s/k8s-dns-node-cache:1.17.0")
        #expect(container.version == CoreDNSVersion(1, 17, 0))
        #expect(container.flag("upstreamsvc") == "kube-dns-upstream")
        #expect(container.flag("syncinterval") == nil)
        #expect(container.localAddresses == [try #require(IPAddress("169.254.20.10"))])
    }

    @Test("pillars are replaced, and those without a value stay")
    func pillars() throws {
        let address = try #require(IPAddress("10.96.0.10"))
        let text = try Manifest.corefile(in: Seed.manifest, file: Seed.file, pillars: Pillars(clusterDNS: address))
        #expect(!text.contains("__PILLAR__CLUSTER__DNS__"))
        #expect(Pillars.firstVariable(in: text) == "__PILLAR__UPSTREAM__SERVERS__")
        let all = Pillars.installed(clusterDNS: address, localDNS: [address])
        #expect(all.replacing(in: "bind __PILLAR__LOCAL__DNS__ __PILLAR__DNS__SERVER__|") == "bind 10.96.0.10 |")
        #expect(all.replacing(in: "__PILLAR__DNS__DOMAIN__:53") == "cluster.local:53")
    }

    @Test("a fault inside the Corefile is told by the manifest's line")
    func lines() throws {
        let broken = Seed.manifest.replacing("success 9984 30", with: "success 9984 thirty")
        let corefile = try #require(try Manifest.read(broken, file: "m.yaml").corefile)
        let text = Pillars(clusterDNS: IPAddress("10.96.0.10"), upstreamServers: ["10.0.0.1"]).replacing(
            in: corefile.text
        )
        #expect {
            try Corefile.parse(text, file: "m.yaml", firstLine: corefile.firstLine)
        } throws: { error in
            guard let error = error as? CorefileError else { return false }
            let lines = broken.split(separator: "\n", omittingEmptySubsequences: false)
            return lines[error.line - 1].contains("thirty")
        }
    }

    @Test("a manifest without the ConfigMap is told in one sentence")
    func missing() {
        #expect(throws: YAMLDiagnostic.self) {
            try Manifest.corefile(in: "kind: ConfigMap\nmetadata:\n  name: other\n", file: "m.yaml")
        }
    }

    @Test(
        "image references with registry ports, digests and no tag are told apart",
        arguments: [
            ("registry:5000/node-cache", nil), ("registry:5000/node-cache:1.26.7", "1.26.7"),
            ("k8s-dns-node-cache:1.15.0@sha256:aa", "1.15.0"), ("node-cache@", nil), ("@node-cache", nil),
        ]
    )
    func images(reference: String, tag: String?) throws {
        let yaml = """
            kind: DaemonSet
            spec:
              template:
                spec:
                  containers:
                  - name: node-cache
                    image: "\(reference)"
            """
        #expect(try Manifest.read(yaml, file: "m.yaml").container?.tag == tag)
    }
}
