import NodeLocal
import Testing

@testable import Doctor

@Suite("Lint of whole installations") struct LintInstallationTests {
    private func lines(_ findings: [LintFinding]) -> [String] {
        findings.map { "\($0.place.line) \($0.severity.rawValue) \($0.rule.id)" }
    }

    @Test("the seed as published: the variable to replace, the image's age and what follows from it")
    func seed() throws {
        let findings = try LintRun.findings(Seed.manifest)
        try #require(
            lines(findings) == [
                "66 error placeholder-cluster-dns", "141 warning image-known-defects", "141 warning image-old",
                "146 warning pidfile-missing", "148 note privileged",
            ]
        )
        #expect(findings[0].message.contains("__PILLAR__CLUSTER__DNS__") && findings[0].message.contains("78, 89"))
        #expect(findings[0].rule.remedy.contains("__PILLAR__UPSTREAM__SERVERS__ stays"))
        #expect(findings[2].message.contains("1.17.0 holds CoreDNS 1.7.0 of 2020; 1.26.8 holds 1.13.2 of 2025"))
        #expect(findings[0].place.column == 19)
    }

    @Test("the seed after its own sed: no error", arguments: [nil, ProxyMode.ipvs, .iptables])
    func replaced(mode: ProxyMode?) throws {
        let text = Seed.manifest.replacing("__PILLAR__CLUSTER__DNS__", with: "10.96.0.10")
        #expect(try LintRun.findings(text, proxyMode: mode).filter { $0.severity == .error }.isEmpty)
    }

    @Test(
        "the author's generated variant, which binds the cluster IP, is an error on IPVS and a warning before it is told"
    )
    func variant() throws {
        let text = Seed.manifest.replacing("__PILLAR__CLUSTER__DNS__", with: "10.96.0.10")
            .replacing("\"169.254.20.10\"", with: "\"169.254.20.10,10.96.0.10\"")
            .replacing("bind 169.254.20.10", with: "bind 169.254.20.10 10.96.0.10")
        let told = try LintRun.findings(text, proxyMode: .ipvs)
        #expect(lines(told).contains("146 error cluster-ip-bound"), "\(lines(told))")
        #expect(lines(try LintRun.findings(text)).contains("146 warning cluster-ip-bound"))
        // The address that is bound is also the one that is forwarded to.
        #expect(lines(told).contains("66 error forward-to-itself"))
    }

    @Test("official manifests of six releases give no error", arguments: OfficialManifest.all)
    func official(_ manifest: OfficialManifest) throws {
        for mode in [manifest.mode, nil] {
            let errors = try LintRun.findings(manifest.text, proxyMode: mode).filter { $0.severity == .error }
            #expect(errors.isEmpty, "\(lines(errors))")
        }
    }

    @Test("an official manifest as published names each variable that the installer must replace, and no other")
    func template() throws {
        let findings = try LintRun.findings(OfficialManifest.all[5].template)
        let named = Set(
            findings.filter { $0.rule.id == "placeholder-left" }.compactMap { Pillars.firstVariable(in: $0.message) }
        )
        #expect(named == ["__PILLAR__DNS__DOMAIN__", "__PILLAR__LOCAL__DNS__"])
        #expect(findings.contains { $0.rule.id == "placeholder-in-corefile" })
        #expect(!findings.contains { $0.message.contains("UPSTREAM") })
    }

    @Test(
        "a Corefile that CoreDNS reads where it is mounted, as kubespray has it, is found, and none of its variables is filled"
    )
    func kubespray() throws {
        let text = GoodManifest.text.replacing("- /etc/Corefile", with: "- /etc/coredns/Corefile")
            .replacing("path: Corefile.base", with: "path: Corefile")
            .replacing("__PILLAR__UPSTREAM__SERVERS__", with: "/etc/resolv.conf")
        #expect(try LintRun.ids(LintRun.findings(text)) == [])
        let left = text.replacing("/etc/resolv.conf", with: "__PILLAR__UPSTREAM__SERVERS__")
        #expect(try LintRun.ids(LintRun.findings(left)) == ["placeholder-left"])
    }

    @Test("two DaemonSets may share the address and the Corefile; what is in it is told once")
    func pair() throws {
        let second = GoodManifest.daemonSet.replacing(
            "name: node-local-dns\n  namespace",
            with: "name: second\n  namespace"
        )
        let text = GoodManifest.text + second
        #expect(try LintRun.findings(text).isEmpty)
        #expect(try LintRun.findings(text.replacing("denial 9984 5", with: "denial 9984 60")).count == 1)
        let probe = second.replacing("path: /health", with: "path: /ready")
        #expect(try LintRun.ids(LintRun.findings(GoodManifest.text + probe)) == ["probe-not-health"])
    }

    @Test("a DaemonSet alone is not blamed for what stands in other files")
    func alone() throws {
        let findings = try LintRun.findings(GoodManifest.daemonSet)
        #expect(lines(findings).map { $0.split(separator: " ")[1] } == ["note"])
        #expect(LintRun.ids(findings) == ["upstream-service-missing"])
        let whole = GoodManifest.text.replacing(GoodManifest.daemonSet, with: "")
        #expect(try LintRun.findings(GoodManifest.daemonSet, others: [whole]).isEmpty)
    }

    @Test("the Corefile of the cluster DNS beside it is none of node-cache's")
    func clusterDNS() throws {
        let other = """
            ---
            kind: ConfigMap
            metadata: { name: coredns, namespace: kube-system }
            data:
              Corefile: |
                .:53 {
                    ready
                    kubernetes cluster.local
                }

            """
        #expect(try LintRun.findings(GoodManifest.text + other).isEmpty)
    }
}
