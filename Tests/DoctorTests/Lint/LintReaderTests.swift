import Foundation
import NodeLocal
import Testing

@testable import Doctor

@Suite("Files that lint reads") struct LintReaderTests {
    private static let broken = GoodManifest.text.replacing("denial 9984 5", with: "denial 9984 60")

    private func place(_ text: String) throws -> [String] {
        try LintRun.findings(text).map { "\($0.place.line):\($0.place.column) \($0.rule.id)" }
    }

    /// The documents of a manifest as one JSON list.
    private func json(_ text: String) throws -> String {
        func plain(_ tree: YAMLTree) -> Any {
            switch tree.content {
            case .null: NSNull()
            case .scalar(let text, let isQuoted):
                isQuoted || Int(text) == nil ? (text == "true" && !isQuoted ? true : text) as Any : Int(text) as Any
            case .list(let items): items.map(plain)
            case .map(let entries): Dictionary(uniqueKeysWithValues: entries.map { ($0.key, plain($0.value)) })
            }
        }
        let items = try YAMLTree.parseAll(text, file: "m").map(plain)
        let list: [String: Any] = ["apiVersion": "v1", "kind": "List", "items": items]
        let data = try JSONSerialization.data(withJSONObject: list, options: [.prettyPrinted, .sortedKeys])
        return String(decoding: data, as: UTF8.self)
    }

    @Test("a finding in a ConfigMap's Corefile points at the line of the manifest")
    func embedded() throws {
        let lines = Self.broken.split(separator: "\n", omittingEmptySubsequences: false)
        let line = try #require(lines.firstIndex { $0.contains("cache {") }) + 1
        #expect(try place(Self.broken) == ["\(line):9 denial-ttl-long"])
        #expect(
            try place(GoodManifest.corefile.replacing("denial 9984 5", with: "denial 9984 60")) == [
                "3:9 denial-ttl-long"
            ]
        )
    }

    @Test("JSON, lists, helm's and kustomize's output, and other ends of lines are read alike")
    func shapes() throws {
        #expect(try LintRun.ids(LintRun.findings(try json(GoodManifest.text))) == [])
        let findings = try LintRun.findings(try json(Self.broken))
        #expect(LintRun.ids(findings) == ["denial-ttl-long"])
        // In JSON the whole Corefile stands on one line.
        let line = try #require(findings.first).place.line
        let lines = try json(Self.broken).split(separator: "\n")
        #expect(lines.indices.contains(line - 1) && lines[line - 1].contains("\"Corefile\""))
        let helm = "---\n# Source: node-local-dns/templates/all.yaml\n" + Self.broken
        #expect(try LintRun.ids(LintRun.findings(helm)) == ["denial-ttl-long"])
        let windows = Self.broken.replacing("\n", with: "\r\n")
        #expect(try place(windows) == place(Self.broken))
        let list = "kind: List\nitems:\n" + "- " + GoodManifest.kubelet.split(separator: "\n").joined(separator: "\n  ")
        #expect(try LintRun.ids(LintRun.findings(list)) == [])
    }

    @Test("an unfinished template is told from damage, and a Corefile's own braces are no template")
    func templates() throws {
        let helm = GoodManifest.text.replacing("priorityClassName: system-node-critical", with: "{{- if .Values.x }}")
        #expect(try #require(LintRun.refusal(helm)).contains("a template's '{{' stands here; render the chart first"))
        let quoted = GoodManifest.text.replacing("host: 169.254.20.10", with: "host: \"{{ .Values.ip }}\"")
        #expect(try #require(LintRun.refusal(quoted)).contains("render the chart first"))
        let plugin = GoodManifest.text.replacing(
            "forward . __PILLAR__UPSTREAM__SERVERS__\n",
            with: "template IN A example {\n            answer \"{{ .Name }} 60 IN A 192.0.2.1\"\n        }\n"
        )
        #expect(try LintRun.findings(plugin).isEmpty)
    }

    @Test(
        "a kubelet's flags are read from units, environment files and kubeadm",
        arguments: [
            "[Service]\n# --cluster-dns=1.2.3.4\nExecStart=/usr/bin/kubelet \\\n  --cluster-dns=10.96.0.10 \\\n  --v=2\n",
            "CLUSTER_DNS=\"--cluster-dns=10.96.0.10\"\n", "kubelet --cluster-dns 10.96.0.10\n",
            "kind: JoinConfiguration\nnodeRegistration:\n  kubeletExtraArgs:\n    cluster-dns: 10.96.0.10\n",
            "kind: JoinConfiguration\nnodeRegistration:\n  kubeletExtraArgs:\n  - name: cluster-dns\n    value: 10.96.0.10\n",
            "kind: ConfigMap\nmetadata: { name: kubelet-config }\ndata:\n  kubelet: |\n    kind: KubeletConfiguration\n    clusterDNS: [10.96.0.10]\n",
        ]
    )
    func kubelets(text: String) throws {
        let findings = try LintRun.findings(text, proxyMode: .ipvs)
        #expect(LintRun.ids(findings) == ["kubelet-cluster-dns"], "\(findings.map(\.message))")
        let lines = text.split(separator: "\n")
        let line = try #require(findings.first).place.line
        #expect(lines.indices.contains(line - 1) && lines[line - 1].contains("10.96.0.10"))
        #expect(try LintRun.findings(text).map(\.severity) == [.note])
        #expect(try LintRun.findings(text, proxyMode: .iptables).isEmpty)
        #expect(try LintRun.findings(text.replacing("10.96.0.10", with: "169.254.20.10"), proxyMode: .ipvs).isEmpty)
    }

    @Test(
        "a file of which nothing is known is passed over",
        arguments: ["", "# nothing\n---\n", "hello\n", "[1, 2]", "{\"a\": 1}"]
    )
    func unknown(text: String) throws {
        #expect(try LintFile.read(text, name: "f", kind: nil) == nil)
    }

    @Test("Go's rules of flags: values, Booleans, and the word that ends them")
    func flags() throws {
        func read(_ words: String...) -> GoFlags {
            GoFlags(words.map { .init(text: $0, place: SourcePlace(file: "f", line: 1, column: 1)) }, booleans: ["b"])
        }
        let flags = read("-a", "1", "--b", "-c=2", "-a=3", "x", "-d=4")
        #expect(flags["a"]?.value == "3" && flags["b"]?.value == "true" && flags["c"]?.value == "2")
        #expect(flags["d"] == nil && flags.unread.map(\.text) == ["x", "-d=4"])
        #expect(read("-a").flags.map(\.value) == [nil])
        #expect(read("-", "-a=1").flags.isEmpty && read("--", "-a=1").flags.isEmpty)
        #expect(read("---a=1").unread.count == 1)
    }

    @Test(
        "-syncinterval as node-cache counts it",
        arguments: [("60ns", 60.0), ("1ns", 1.0), ("0", 0.0), ("1us", 1_000.0)]
    )
    func sync(text: String, seconds: Double) {
        #expect(NodeCacheFlag.syncSeconds(text) == seconds)
        #expect(NodeCacheFlag.syncSeconds("60") == nil)
        #expect((NodeCacheFlag.syncSeconds("60s") ?? 0) / 31_557_600 > 147)
        for value in ["10s", "30s", "120s"] { #expect((NodeCacheFlag.syncSeconds(value) ?? 0) < 0) }
    }

    @Test(
        "quantities of memory",
        arguments: [("200Mi", 209_715_200), ("128M", 128_000_000), ("0.5Gi", 536_870_912), ("77", 77)]
    )
    func quantities(text: String, bytes: Int) {
        #expect(KubernetesQuantity.bytes(text) == bytes)
        for text in ["", "Mi", "1Mb", "-1", "1e3", "9999999999Ti"] { #expect(KubernetesQuantity.bytes(text) == nil) }
    }
}
